// The turn: a user's message and the reply to it. Begins turns, starts their runners, lets replies wait for
// each other, stops them, and goes on with what a process left that died in the middle.
// Thread safety: every function may be called from any event loop.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/task.hpp"
#include "modules/models/model_catalog.hpp"
#include "modules/turn/model_queue.hpp"
#include "modules/turn/running_turns.hpp"
#include "modules/turn/turn_gate.hpp"
#include "modules/turn/turn_plan.hpp"
#include "modules/turn/turn_request.hpp"
#include "modules/turn/turn_runner.hpp"
#include "modules/turn/waiting_traces.hpp"
#include "services/clock.hpp"
#include "services/conversation_store.hpp"
#include "services/metrics.hpp"
#include "services/reply_feed.hpp"
#include "services/user_feed.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace parley {

class turn_service {
public:
    /// Told about each reply when it has ended and was stored, on the event loop that wrote it.
    using end_listener =
        std::function<void(turn_lease const&, message const& reply, boost::asio::any_io_executor const&)>;

    /// `owner` is this run of the server. All references outlive the service.
    turn_service(turn_sources sources, reply_feed& feed, user_feed& news, clock const& time, metrics& seen,
                 process_id owner);

    /// Before any turn, as the next one.
    void on_end(end_listener listener) { ended_ = std::move(listener); }
    /// Asked before each turn that is begun; outlives the service.
    void ask_first(turn_gate& gate) { gate_ = &gate; }

    /// Stores a message without asking for a reply; of a user's words what models will read as well. Errors:
    /// those of add_message and transformed_content.
    [[nodiscard]] task<result<message>> append(message_addition addition);

    /// Stores the message and an empty reply, and starts to write that reply on `executor`; a reply that must
    /// wait for another one is started later. What happens while another reply is being written is said by
    /// the interaction's settings (on_busy). Repeating it with the same ids does nothing but give what is
    /// stored.
    /// Errors: those of begin_turn and plan_turn; unavailable (model_loading, model_failed, shutting_down);
    /// overloaded (queue_full); those of the gate; timed_out (store_timeout) when a reply that had to be
    /// ended first did not end. Nothing is stored when it fails, except that after store_timeout and
    /// store_unavailable nobody knows: if it was, left_turns ends the reply.
    [[nodiscard]] task<result<turn_start>> begin(turn_request asked, boost::asio::any_io_executor executor);

    /// The reply as it was stored at its end; waits for it while it is being written or waits.
    /// Errors: message_not_found; unavailable (shutting_down) when the server ends before its turn has come.
    [[nodiscard]] task<result<message>> wait(user_id user, interaction_id id, message_id reply,
                                             boost::asio::any_io_executor executor);

    /// Ends the generation, or takes a reply that waits out of its queue, and returns the reply as stored; a
    /// reply that is over is returned as it is.
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

    /// Starts replies that wait in interactions where none is being written: their process has died, or the
    /// store was away when their turn had come. Returns how many.
    [[nodiscard]] task<result<std::size_t>> go_on(boost::asio::any_io_executor executor);

    /// The line before the models, for work beside the turns.
    [[nodiscard]] model_queue& line() { return line_; }
    [[nodiscard]] running_turns& running() { return running_; }

    /// See running_turns::drain. Replies that wait stay in the store for the next run.
    [[nodiscard]] bool drain(std::chrono::milliseconds grace);
    void refuse() { running_.refuse(); }

private:
    using steady = std::chrono::steady_clock;

    [[nodiscard]] task<result<turn_start>> begin_admitted(turn_request const& asked, turn_plan const& plan,
                                                          boost::asio::any_io_executor executor);
    [[nodiscard]] task<result<turn_start>> begin_once(turn_request const& asked, turn_plan const& plan,
                                                      boost::asio::any_io_executor executor);
    [[nodiscard]] task<result<void>> check_place(turn_request const& asked);
    [[nodiscard]] task<result<void>> clear_the_way(turn_request const& asked,
                                                   std::optional<message_id> running,
                                                   boost::asio::any_io_executor executor);
    void announce(turn_start const& start);
    void run(std::unique_ptr<turn_work> work, boost::asio::any_io_executor const& executor);
    [[nodiscard]] task<void> run_to_end(std::unique_ptr<turn_work> work,
                                        boost::asio::any_io_executor executor);
    [[nodiscard]] task<bool> run_next(user_id user, interaction_id in, boost::asio::any_io_executor executor);
    [[nodiscard]] task<void> start_waiting(turn_start start, std::shared_ptr<turn_control> control,
                                           registration held, boost::asio::any_io_executor executor);
    [[nodiscard]] task<result<message>> follow_to_end(user_id user, interaction_id id, message_id reply,
                                                      boost::asio::any_io_executor executor, bool stopping);

    turn_sources sources_;
    conversation_store& store_ = sources_.store;
    model_catalog const& models_ = sources_.models;
    reply_feed& feed_;
    user_feed& news_;
    clock const& time_;
    metrics& seen_;
    process_id owner_;
    end_listener ended_;
    turn_gate* gate_ = nullptr;
    model_queue line_;
    running_turns running_;
    waiting_traces traces_;
};

}  // namespace parley
