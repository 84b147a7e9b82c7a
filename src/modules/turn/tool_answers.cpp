#include "modules/turn/tool_answers.hpp"

#include "common/pause.hpp"
#include "modules/turn/tool_results.hpp"

#include <chrono>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;

// How long another process may take to store the messages of a turn that it has claimed the interaction for.
constexpr int most_waits = 50;
constexpr auto one_wait = 20ms;

std::unexpected<error> not_stored_yet() {
    return fail(error_kind::unavailable, "store_unavailable",
                "Another message is being stored in this interaction.");
}

tool_answer answer_in(turn_request const& asked) {
    return {asked.user_id, asked.interaction_id, asked.place, asked.message->tool_call_id.value_or("")};
}

task<result<answered_call>> store_at(turn_service& turns, turn_request placed, bool begins,
                                     boost::asio::any_io_executor executor) {
    if (begins) {
        auto begun = co_await turns.begin(std::move(placed), std::move(executor));
        if (!begun) co_return std::unexpected(begun.error());
        answered_call both{std::move(begun->user_message), std::move(begun->reply)};
        co_return both;
    }
    auto addition = addition_of(std::move(placed));
    auto stored = co_await turns.append(std::move(addition));
    if (!stored) co_return std::unexpected(stored.error());
    answered_call alone{std::move(*stored), std::nullopt};
    co_return alone;
}

}  // namespace

task<result<answered_call>> answer_call(conversation_store& store, turn_service& turns, turn_request answer,
                                        bool respond, boost::asio::any_io_executor executor) {
    std::optional<answer_spot> before;
    // In each other round somebody else has stored a message.
    for (int waits = 0; waits < most_waits;) {
        auto asked = answer_in(answer);
        auto const spot = co_await find_answer_spot(store, std::move(asked));
        if (!spot) co_return std::unexpected(spot.error());
        // It meant to be the answer, not another one beside it.
        if (before && !before->is_beside && spot->is_beside) co_return tool_call_answered();
        if (before && before->newest == spot->newest) {
            ++waits;
            co_await pause(executor, one_wait);
        }
        before = *spot;
        auto placed = answer;
        placed.place = message_place{std::in_place, spot->behind};
        placed.seen = spot->newest;
        auto done = co_await store_at(turns, std::move(placed), spot->is_last && respond, executor);
        if (done || done.error().code != "newer_messages") co_return done;
    }
    co_return not_stored_yet();
}

}  // namespace parley
