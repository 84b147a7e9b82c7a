#include "adapters/http/native/messages.hpp"

#include "adapters/http/native/turn_stream.hpp"
#include "adapters/http/wire/cursor.hpp"
#include "adapters/http/wire/object_reader.hpp"
#include "adapters/http/wire/pages.hpp"
#include "adapters/http/wire/requests.hpp"

#include <memory>
#include <utility>

namespace parley::http {
namespace {

response turn_response(message const& user_message, std::optional<message> const& reply) {
    auto out = json_response(201, turn_json(user_message, reply));
    out.headers.push_back({"Location", interaction_path(user_message.interaction_id) + "/messages/" +
                                           user_message.message_id.text()});
    return out;
}

struct list_request {
    message_query query;
    std::optional<message_cursor> cursor;
};

result<list_request> read_query(request const& call) {
    query_reader in{call, {"limit", "cursor", "order"}};
    list_request out;
    out.query.page.limit = in.limit();
    auto const order = in.one_of("order", {"asc", "desc"});
    if (order == "asc") out.query.page.order = page_order::ascending;
    if (in.failure()) return std::unexpected(*in.failure());

    auto const text = in.text("cursor");
    if (!text) return out;
    out.cursor = parse_message_cursor(*text);
    if (!out.cursor || (order && out.cursor->order != out.query.page.order)) {
        return fail(error_kind::not_found, "cursor_not_found", "This cursor does not belong to this list.",
                    "cursor");
    }
    out.query.branch = out.cursor->branch;
    out.query.page.order = out.cursor->order;
    auto& place =
        out.cursor->direction == cursor_direction::next ? out.query.page.after : out.query.page.before;
    place = out.cursor->seq;
    return out;
}

}  // namespace

task<result<response>> create_message::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const id = interaction_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto const body = parse_object(call.header("Content-Type"), call.body);
    if (!body) co_return std::unexpected(body.error());
    auto asked = read_message_request(*body);
    if (!asked) co_return std::unexpected(asked.error());
    auto const user = call.caller;
    if (!asked->respond) {
        auto const stored = co_await api().turns.append(user, *id, std::move(asked->draft));
        if (!stored) co_return std::unexpected(stored.error());
        co_return turn_response(*stored, std::nullopt);
    }

    auto const begun = co_await api().turns.begin(user, *id, std::move(asked->draft), call.executor);
    if (!begun) co_return std::unexpected(begun.error());
    auto const reply = begun->reply.message_id;
    if (asked->stream) {
        turn_stream_start start{user, *id, reply, 0, turn_json(begun->user_message, begun->reply)};
        co_return stream_response(std::make_unique<turn_stream>(api(), std::move(start), call.executor));
    }
    auto const over = co_await api().turns.wait(user, *id, reply, call.executor);
    if (!over) co_return std::unexpected(over.error());
    co_return turn_response(begun->user_message, *over);
}

task<result<response>> list_messages::answer(request& call) {
    auto const id = interaction_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto asked = read_query(call);
    if (!asked) co_return std::unexpected(asked.error());
    auto& query = asked->query;
    auto items = co_await api().conversations.page_of_branch(call.caller, *id, query);
    if (!items) {
        if (asked->cursor && items.error().code == "branch_not_found") {
            co_return fail(error_kind::not_found, "cursor_not_found",
                           "This cursor does not belong to this list.", "cursor");
        }
        co_return std::unexpected(items.error());
    }
    std::string text;
    text.reserve(256 + items->data.size() * 768);
    json_writer out{text};
    write_page(out, *items, query.page);
    co_return json_response(200, std::move(text));
}

task<result<response>> get_message::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const interaction = interaction_of(call);
    if (!interaction) co_return std::unexpected(interaction.error());
    auto const id = message_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto const found = co_await api().conversations.get_message(call.caller, *interaction, *id);
    if (!found) co_return std::unexpected(found.error());
    co_return json_response(200, to_json(*found));
}

}  // namespace parley::http
