#include "adapters/http/native/turn_answer.hpp"

#include "adapters/http/native/api_handler.hpp"
#include "adapters/http/native/event_frame.hpp"
#include "adapters/http/native/idempotency.hpp"
#include "adapters/http/native/trace.hpp"
#include "adapters/http/native/turn_stream.hpp"
#include "adapters/http/wire/entities.hpp"

#include <memory>
#include <utility>

namespace parley::http {
namespace {

/// The turn of an earlier copy of the request, if it got so far.
task<result<std::optional<begun_turn>>> found_before(api_context& api, turn_request const& asked) {
    using outcome = std::optional<begun_turn>;
    auto reply = co_await api.conversations.get_message(asked.user_id, asked.interaction_id, asked.ids.reply);
    if (!reply && reply.error().code == "message_not_found") co_return outcome{};
    if (!reply) co_return std::unexpected(reply.error());
    if (!reply->parent_id) co_return internal_error("a reply without a parent");
    auto said =
        co_await api.conversations.get_message(asked.user_id, asked.interaction_id, *reply->parent_id);
    if (!said) co_return std::unexpected(said.error());
    co_return outcome{begun_turn{std::move(*said), as_begun(std::move(*reply))}};
}

task<result<begun_turn>> begin(api_context& api, request& call, turn_request asked,
                               request_keys::entry const& entry, turn_progress done) {
    if (entry.repeated) {
        auto found = co_await found_before(api, asked);
        if (!found) co_return std::unexpected(found.error());
        if (*found) co_return std::move(**found);
    }
    asked.trace = trace_of(call);
    asked.allowed = allowance_of(call);
    auto begun = co_await api.turns.begin(std::move(asked), call.executor);
    if (!begun) {
        if (done == turn_progress::nothing) co_await api.requests.refused(entry, begun.error());
        co_return std::unexpected(begun.error());
    }
    co_return begun_turn{std::move(begun->user_message), std::move(begun->reply)};
}

}  // namespace

allowance allowance_of(request const& call) {
    return {call.caller.of_user, call.caller.of_key, call.caller.key_id};
}

message as_begun(message reply) {
    reply.content = std::string{};
    if (reply.status != message_status::queued) reply.status = message_status::in_progress;
    reply.finish_reason.reset();
    reply.usage.reset();
    reply.timings.reset();
    reply.error.reset();
    reply.tool_calls.clear();
    reply.reasoning.reset();
    reply.attempts.clear();
    return reply;
}

task<result<std::string>> created_data(api_context& api, user_id user, message reply) {
    if (!reply.parent_id) co_return internal_error("a reply without a parent");
    auto const asked = co_await api.conversations.get_message(user, reply.interaction_id, *reply.parent_id);
    if (!asked) co_return std::unexpected(asked.error());
    co_return turn_json(*asked, as_begun(std::move(reply)));
}

response turn_response(unsigned status, message const& user_message, std::optional<message> const& reply) {
    auto out = json_response(status, turn_json(user_message, reply));
    auto const& shown = status == 202 && reply ? *reply : user_message;
    out.headers.push_back(
        {"Location", interaction_path(shown.interaction_id) + "/messages/" + shown.message_id.text()});
    return out;
}

turn_ids ids_of(remembered_request const& asked) {
    return {.user_message = asked.first, .reply = asked.second, .fork = asked.branch, .now = asked.at};
}

turn_request turn_of(message_request asked, interaction_id in, remembered_request const& ids) {
    return {.user_id = ids.user_id,
            .interaction_id = in,
            .message = std::move(asked.draft),
            .place = asked.place,
            .settings = {},
            .ids = ids_of(ids)};
}

task<result<response>> answer_turn(api_context& api, request& call, turn_request asked, turn_manner how,
                                   request_keys::entry entry, turn_progress done) {
    auto begun = co_await begin(api, call, std::move(asked), entry, done);
    if (!begun) co_return std::unexpected(begun.error());
    auto shown = co_await show_turn(api, call, std::move(*begun), how, std::move(entry));
    co_return shown;
}

task<result<response>> show_turn(api_context& api, request& call, begun_turn begun, turn_manner how,
                                 request_keys::entry entry) {
    entry.held.reset();
    auto const user = entry.request.user_id;
    auto const in = begun.reply.interaction_id;
    auto const reply = begun.reply.message_id;
    response out;
    if (how == turn_manner::stream) {
        turn_stream_start start{user, in, reply, 0, turn_json(begun.user_message, begun.reply)};
        out = stream_response(std::make_unique<turn_stream>(api, std::move(start), call.executor));
    } else if (how == turn_manner::background) {
        out = turn_response(202, begun.user_message, begun.reply);
    } else {
        auto over = co_await api.turns.wait(user, in, reply, call.executor);
        if (!over) co_return std::unexpected(over.error());
        out = turn_response(201, begun.user_message, std::move(*over));
    }
    mark_replayed(out, entry);
    co_return out;
}

response stored_response(message const& stored, request_keys::entry const& entry) {
    auto out = turn_response(201, stored, std::nullopt);
    mark_replayed(out, entry);
    return out;
}

}  // namespace parley::http
