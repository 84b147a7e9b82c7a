#include "adapters/http/native/reply_control.hpp"

#include "adapters/http/native/turn_stream.hpp"
#include "adapters/http/wire/entities.hpp"

#include <charconv>
#include <memory>
#include <utility>

namespace parley::http {
namespace {

/// Where a reader stands by its Last-Event-ID; nullopt: at the start. Anything that is no id of ours counts
/// as none, as the header's specification wants of a server that cannot use it (WHATWG HTML, server-sent
/// events).
std::optional<std::size_t> offset_of(std::optional<std::string_view> last_event_id) {
    if (!last_event_id || last_event_id->empty()) return std::nullopt;
    std::size_t offset = 0;
    auto const text = *last_event_id;
    auto const [stopped, failed] = std::from_chars(text.data(), text.data() + text.size(), offset);
    return failed == std::errc{} && stopped == text.data() + text.size() ? std::optional{offset}
                                                                         : std::nullopt;
}

/// The reply as it was when it began.
message as_begun(message reply) {
    reply.content = std::string{};
    reply.status = message_status::in_progress;
    reply.finish_reason.reset();
    reply.usage.reset();
    reply.timings.reset();
    reply.error.reset();
    return reply;
}

task<result<std::string>> created_data(api_context& api, user_id user, message reply) {
    if (!reply.parent_id) co_return internal_error("a reply without a parent");
    auto const asked = co_await api.conversations.get_message(user, reply.interaction_id, *reply.parent_id);
    if (!asked) co_return std::unexpected(asked.error());
    co_return turn_json(*asked, as_begun(std::move(reply)));
}

response nothing_more() {
    response out;
    out.status = 204;
    out.content_type.clear();
    return out;
}

}  // namespace

task<result<response>> get_message_events::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const interaction = interaction_of(call);
    if (!interaction) co_return std::unexpected(interaction.error());
    auto const id = message_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto const user = call.caller;
    auto const reply = co_await api().conversations.get_message(user, *interaction, *id);
    if (!reply) co_return std::unexpected(reply.error());
    if (reply->role != message_role::assistant) {
        co_return fail(error_kind::conflict, "not_a_reply", "Only a reply has events.");
    }
    auto const last_event_id = call.header("Last-Event-ID");
    if (last_event_id == "end" && is_final(reply->status)) co_return nothing_more();

    auto const offset = offset_of(last_event_id);
    turn_stream_start start{user, *interaction, *id, offset.value_or(0), std::nullopt};
    if (!offset) {
        auto created = co_await created_data(api(), user, *reply);
        if (!created) co_return std::unexpected(created.error());
        start.created = std::move(*created);
    }
    co_return stream_response(std::make_unique<turn_stream>(api(), std::move(start), call.executor));
}

task<result<response>> stop_message::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    if (auto ok = no_fields(call); !ok) co_return std::unexpected(ok.error());
    auto const interaction = interaction_of(call);
    if (!interaction) co_return std::unexpected(interaction.error());
    auto const id = message_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto const reply = co_await api().turns.stop(call.caller, *interaction, *id, call.executor);
    if (!reply) co_return std::unexpected(reply.error());
    co_return json_response(200, to_json(*reply));
}

}  // namespace parley::http
