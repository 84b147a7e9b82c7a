#include "adapters/http/native/tool_message.hpp"

#include "adapters/http/native/trace.hpp"
#include "adapters/http/native/turn_answer.hpp"
#include "modules/turn/tool_answers.hpp"
#include "modules/turn/tool_results.hpp"

#include <optional>
#include <utility>

namespace parley::http {
namespace {

struct asked_manner {
    bool respond = true;
    turn_manner manner = turn_manner::when_over;
};

/// Nullopt when there is no such message.
task<result<std::optional<message>>> find(api_context& api, user_id user, interaction_id in, message_id id) {
    using outcome = std::optional<message>;
    auto found = co_await api.conversations.get_message(user, in, id);
    if (found) co_return outcome{std::move(*found)};
    if (found.error().code == "message_not_found") co_return outcome{};
    co_return std::unexpected(found.error());
}

/// Whether the model goes on behind this stored message, or has done so at an earlier copy of the request.
task<result<bool>> goes_on(api_context& api, turn_request const& turn, message const& stored) {
    auto const replied = co_await find(api, turn.user_id, turn.interaction_id, turn.ids.reply);
    if (!replied) co_return std::unexpected(replied.error());
    if (*replied) co_return true;
    auto const all = co_await ends_with_all_answers(api.conversations, turn.user_id, stored);
    co_return all;
}

/// What a copy of this request has stored is not judged again.
task<result<response>> answer_stored(api_context& api, request& call, turn_request turn, message stored,
                                     asked_manner how, request_keys::entry entry) {
    if (how.respond) {
        auto const all = co_await goes_on(api, turn, stored);
        if (!all) co_return std::unexpected(all.error());
        if (*all) {
            turn.message.reset();
            turn.place.reset();
            auto told = co_await answer_turn(api, call, std::move(turn), how.manner, std::move(entry),
                                             turn_progress::message_stored);
            co_return told;
        }
    }
    co_return stored_response(stored, entry);
}

task<result<response>> answer_done(api_context& api, request& call, answered_call done, turn_manner how,
                                   request_keys::entry entry) {
    if (!done.reply) co_return stored_response(done.stored, entry);
    begun_turn begun{std::move(done.stored), std::move(*done.reply)};
    auto shown = co_await show_turn(api, call, std::move(begun), how, std::move(entry));
    co_return shown;
}

}  // namespace

task<result<response>> answer_tool_message(api_context& api, request& call, message_request asked,
                                           interaction_id in, request_keys::entry entry) {
    asked_manner const how{asked.respond, asked.manner};
    auto turn = turn_of(std::move(asked), in, entry.request);
    turn.trace = trace_of(call);
    turn.allowed = allowance_of(call);
    std::optional<message> stored;
    if (entry.repeated) {
        auto earlier = co_await find(api, turn.user_id, in, turn.ids.user_message);
        if (!earlier) co_return std::unexpected(earlier.error());
        stored = std::move(*earlier);
    }
    if (!stored) {
        auto done = co_await answer_call(api.conversations, api.turns, turn, how.respond, call.executor);
        if (done && (done->reply || !entry.repeated)) {
            auto told = co_await answer_done(api, call, std::move(*done), how.manner, std::move(entry));
            co_return told;
        }
        if (done) stored = std::move(done->stored);
        // A copy at another server may have come first, and be what refuses this one.
        if (!done && !entry.request.key.empty()) {
            auto copy = co_await find(api, turn.user_id, in, turn.ids.user_message);
            if (!copy) co_return std::unexpected(copy.error());
            stored = std::move(*copy);
        }
        if (!stored) {
            co_await api.requests.refused(entry, done.error());
            co_return std::unexpected(done.error());
        }
    }
    auto told = co_await answer_stored(api, call, std::move(turn), std::move(*stored), how, std::move(entry));
    co_return told;
}

}  // namespace parley::http
