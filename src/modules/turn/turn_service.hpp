// The turn: a user's message and the reply to it. Begins turns, starts their runners, stops them, and cleans
// up after a process that died in the middle. Thread safety: every function may be called from any event
// loop.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/task.hpp"
#include "modules/models/model_catalog.hpp"
#include "modules/turn/model_places.hpp"
#include "modules/turn/running_turns.hpp"
#include "modules/turn/turn_runner.hpp"
#include "services/clock.hpp"
#include "services/conversation_store.hpp"
#include "services/metrics.hpp"
#include "services/reply_feed.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace parley {

class turn_service {
public:
    /// `owner` is this run of the server. All references outlive the service.
    turn_service(conversation_store& store, model_catalog const& models, reply_feed& feed, clock const& time,
                 metrics& seen, process_id owner);

    /// Stores a message without asking for a reply. Errors: those of append_message.
    [[nodiscard]] task<result<message>> append(user_id user, interaction_id id, message_draft draft);

    /// Stores the message and an empty reply, and starts to write that reply on `executor`.
    /// Errors: those of begin_turn; conflict (unknown_model); unavailable (model_loading, model_failed,
    /// shutting_down); overloaded (queue_full). Nothing is stored when it fails, except that after
    /// store_timeout and store_unavailable nobody knows: if it was, left_turns ends the reply.
    [[nodiscard]] task<result<turn_start>> begin(user_id user, interaction_id id, message_draft draft,
                                                 boost::asio::any_io_executor executor);

    /// The reply as it was stored at its end; waits for it while it is being written.
    /// Errors: message_not_found; unavailable (reply_lost) when it has lost its writer.
    [[nodiscard]] task<result<message>> wait(user_id user, interaction_id id, message_id reply,
                                             boost::asio::any_io_executor executor);

    /// Ends the generation and returns the reply as stored; a reply that is over is returned as it is.
    /// Errors: message_not_found; conflict (not_a_reply); timed_out (store_timeout) when the end could not be
    /// stored within 15 s: it is tried further.
    [[nodiscard]] task<result<message>> stop(user_id user, interaction_id id, message_id reply,
                                             boost::asio::any_io_executor executor);

    /// Deletes the interaction with all that hangs on it; a reply that is being written ends as stopped.
    /// Errors: those of conversation_store::delete_interaction.
    [[nodiscard]] task<result<void>> delete_interaction(user_id user, interaction_id id,
                                                        std::optional<std::int64_t> if_version);

    /// Whether this process writes that reply.
    [[nodiscard]] bool writes(message_id reply) { return running_.has(reply); }

    /// Marks replies that other, dead processes left behind as interrupted. For the start of a server that
    /// owns its store alone. Returns how many.
    [[nodiscard]] task<result<std::size_t>> recover();

    /// See running_turns::drain.
    [[nodiscard]] bool drain(std::chrono::milliseconds grace) { return running_.drain(grace); }
    void refuse() { running_.refuse(); }

private:
    using steady = std::chrono::steady_clock;

    [[nodiscard]] task<result<message>> wait_until(user_id user, interaction_id id, message_id reply,
                                                   boost::asio::any_io_executor executor,
                                                   steady::time_point deadline);

    conversation_store& store_;
    model_catalog const& models_;
    reply_feed& feed_;
    clock const& time_;
    metrics& seen_;
    process_id owner_;
    model_places places_;
    running_turns running_;
};

}  // namespace parley
