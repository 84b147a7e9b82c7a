#include "adapters/http/native/tool_message.hpp"

#include "adapters/http/native/idempotency.hpp"
#include "adapters/http/native/turn_answer.hpp"
#include "modules/turn/tool_answers.hpp"

#include <utility>

namespace parley::http {
namespace {

task<result<bool>> is_stored(api_context& api, user_id user, interaction_id in, message_id id) {
    auto const found = co_await api.conversations.get_message(user, in, id);
    if (!found && found.error().code != "message_not_found") co_return std::unexpected(found.error());
    co_return found.has_value();
}

/// What an earlier copy of this request has done is not judged again.
task<result<bool>> has_been_stored(api_context& api, request_keys::entry const& entry, interaction_id in) {
    if (!entry.repeated) co_return false;
    auto const stored = co_await is_stored(api, entry.request.user_id, in, entry.request.first);
    co_return stored;
}

/// Whether the model goes on behind this stored message, or has done so at an earlier copy of the request.
task<result<bool>> goes_on(api_context& api, request_keys::entry const& entry, message const& stored) {
    auto const& ids = entry.request;
    if (entry.repeated) {
        auto const replied = co_await is_stored(api, ids.user_id, stored.interaction_id, ids.second);
        if (!replied || *replied) co_return replied;
    }
    auto const all = co_await ends_with_all_answers(api.conversations, ids.user_id, stored);
    co_return all;
}

turn_request turn_of(message_request& asked, interaction_id in, remembered_request const& ids) {
    return {.user_id = ids.user_id,
            .interaction_id = in,
            .message = std::move(asked.draft),
            .place = asked.place,
            .settings = {},
            .ids = ids_of(ids)};
}

}  // namespace

task<result<response>> answer_tool_message(api_context& api, request& call, message_request asked,
                                           interaction_id in, request_keys::entry entry) {
    auto const& ids = entry.request;
    auto const before = co_await has_been_stored(api, entry, in);
    if (!before) co_return std::unexpected(before.error());
    if (!*before) {
        tool_answer answer{ids.user_id, in, asked.place, asked.draft.tool_call_id.value_or("")};
        auto const last = co_await answers_last_call(api.conversations, std::move(answer));
        if (!last) {
            co_await api.requests.refused(entry, last.error());
            co_return std::unexpected(last.error());
        }
        if (*last && asked.respond) {
            auto turn = turn_of(asked, in, ids);
            auto answered = co_await answer_turn(api, call, std::move(turn), asked.manner, std::move(entry));
            co_return answered;
        }
    }
    auto turn = turn_of(asked, in, ids);
    message_addition addition{.user_id = ids.user_id,
                              .interaction_id = in,
                              .message_id = ids.first,
                              .message = *turn.message,
                              .place = asked.place,
                              .fork = ids.branch,
                              .now = ids.at};
    auto const stored = co_await api.turns.append(std::move(addition));
    if (!stored) {
        co_await api.requests.refused(entry, stored.error());
        co_return std::unexpected(stored.error());
    }
    if (asked.respond) {
        auto const all = co_await goes_on(api, entry, *stored);
        if (!all) co_return std::unexpected(all.error());
        if (*all) {
            turn.message.reset();
            turn.place.reset();
            auto answered = co_await answer_turn(api, call, std::move(turn), asked.manner, std::move(entry),
                                                 turn_progress::message_stored);
            co_return answered;
        }
    }
    auto out = turn_response(201, *stored, std::nullopt);
    mark_replayed(out, entry);
    co_return out;
}

}  // namespace parley::http
