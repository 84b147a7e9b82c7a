// Writes one reply: builds the prompt, follows the model, feeds the readers, checkpoints and ends the turn.
// It belongs to the server, not to the request that began it: nobody needs to be connected.
#pragma once

#include "common/task.hpp"
#include "modules/turn/model_queue.hpp"
#include "modules/turn/running_turns.hpp"
#include "services/clock.hpp"
#include "services/conversation_store.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"
#include "services/reply_feed.hpp"
#include "services/usage_store.hpp"
#include "services/user_feed.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>

namespace parley {

/// What a runner works with; all of it outlives the runner.
struct turn_tools {
    conversation_store& store;
    clock const& time;
    metrics& seen;
    user_feed& news;
    usage_store& usage;
};

/// One accepted turn.
struct turn_work {
    turn_start start;
    parley::settings settings;
    language_model& model;
    model_queue::seat seat;
    std::shared_ptr<turn_control> control;
    std::unique_ptr<reply_writer> feed;
    trace_context trace;
    registration registered;  // goes first: whoever drains then sees everything else gone, too
};

/// Runs to the turn's end, whatever happens on the way; never throws. `executor` is the one it runs on. The
/// turn as it was stored at its end, or nullopt when it was lost to somebody else or could not be stored.
[[nodiscard]] task<std::optional<turn_end>> run_turn(turn_tools tools, std::unique_ptr<turn_work> work,
                                                     boost::asio::any_io_executor executor);

}  // namespace parley
