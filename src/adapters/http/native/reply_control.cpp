#include "adapters/http/native/reply_control.hpp"

#include "adapters/http/native/event_frame.hpp"
#include "adapters/http/native/idempotency.hpp"
#include "adapters/http/native/turn_answer.hpp"
#include "adapters/http/native/turn_stream.hpp"
#include "adapters/http/wire/entities.hpp"
#include "adapters/http/wire/requests.hpp"

#include <charconv>
#include <memory>
#include <optional>
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

/// The message that a further reply is asked for, a user's or a tool's: the one that `id` replies to, or `id`
/// itself.
task<result<message_id>> message_to_answer(api_context& api, user_id user, interaction_id in, message_id id) {
    auto const named = co_await api.conversations.get_message(user, in, id);
    if (!named) co_return std::unexpected(named.error());
    if (begins_turn(named->role)) co_return id;
    if (named->role == message_role::assistant && named->parent_id) co_return *named->parent_id;
    co_return fail(error_kind::conflict, "not_a_reply",
                   "Only a reply, or a user's or a tool's message, can be replied to.");
}

}  // namespace

task<result<response>> get_message_events::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const interaction = interaction_of(call);
    if (!interaction) co_return std::unexpected(interaction.error());
    auto const id = message_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto const user = call.caller.user_id;
    auto const reply = co_await api().conversations.get_message(user, *interaction, *id);
    if (!reply) co_return std::unexpected(reply.error());
    if (reply->role != message_role::assistant) {
        co_return fail(error_kind::conflict, "not_a_reply", "Only a reply has events.");
    }
    auto const last_event_id = call.header("Last-Event-ID");
    if (last_event_id == "end" && is_final(reply->status)) co_return nothing_more();

    auto const room = co_await take_stream_place(api(), call);
    if (!room) co_return std::unexpected(room.error());
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
    auto const wanted = keyed(call, *interaction);
    if (!wanted) co_return std::unexpected(wanted.error());
    auto const entry = co_await api().requests.enter(*wanted);
    if (!entry) co_return std::unexpected(entry.error());
    auto const reply = co_await api().turns.stop(call.caller.user_id, *interaction, *id, call.executor);
    if (!reply) {
        co_await api().requests.refused(*entry, reply.error());
        co_return std::unexpected(reply.error());
    }
    auto out = json_response(200, to_json(*reply));
    mark_replayed(out, *entry);
    co_return out;
}

task<result<response>> regenerate_message::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const in = interaction_of(call);
    if (!in) co_return std::unexpected(in.error());
    auto const id = message_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto how = read_regenerate_request(call);
    if (!how) co_return std::unexpected(how.error());
    if (how->manner == turn_manner::stream) {
        auto const room = co_await take_stream_place(api(), call);
        if (!room) co_return std::unexpected(room.error());
    }
    auto const wanted = keyed(call, *in);
    if (!wanted) co_return std::unexpected(wanted.error());
    auto entry = co_await api().requests.enter(*wanted);
    if (!entry) co_return std::unexpected(entry.error());
    auto const replied_to = co_await message_to_answer(api(), call.caller.user_id, *in, *id);
    if (!replied_to) {
        co_await api().requests.refused(*entry, replied_to.error());
        co_return std::unexpected(replied_to.error());
    }
    turn_request turn{.user_id = call.caller.user_id,
                      .interaction_id = *in,
                      .message = std::nullopt,
                      .place = std::nullopt,
                      .settings = std::move(how->settings),
                      .ids = ids_of(entry->request)};
    turn.ids.user_message = *replied_to;
    auto answered = co_await answer_turn(api(), call, std::move(turn), how->manner, std::move(*entry));
    co_return answered;
}

}  // namespace parley::http
