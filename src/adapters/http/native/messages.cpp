#include "adapters/http/native/messages.hpp"

#include "adapters/http/native/idempotency.hpp"
#include "adapters/http/native/tool_message.hpp"
#include "adapters/http/native/turn_answer.hpp"
#include "adapters/http/wire/cursor.hpp"
#include "adapters/http/wire/object_reader.hpp"
#include "adapters/http/wire/pages.hpp"
#include "adapters/http/wire/requests.hpp"
#include "services/store_errors.hpp"

#include <utility>

namespace parley::http {
namespace {

/// A message without a reply. Repeating it with the same id gives what was stored.
task<result<response>> store_only(api_context& api, request_keys::entry const& entry, message_request asked,
                                  interaction_id in) {
    auto addition = addition_of(turn_of(std::move(asked), in, entry.request));
    auto const stored = co_await api.turns.append(std::move(addition));
    if (!stored) {
        co_await api.requests.refused(entry, stored.error());
        co_return std::unexpected(stored.error());
    }
    co_return stored_response(*stored, entry);
}

struct list_request {
    message_query query;
    std::optional<message_cursor> cursor;
};

/// `active`, `all`, or a branch's id. False when it can be none.
bool read_branch(std::string_view text, message_query& query) {
    if (text == "active") return true;
    query.all_branches = text == "all";
    if (!query.all_branches) query.branch = branch_id::parse(text);
    return query.all_branches || query.branch.has_value();
}

/// A cursor keeps to its branch; nil stands for all.
bool follow_cursor(message_cursor const& cursor, message_query& query) {
    bool const of_all = cursor.branch.is_nil();
    if (query.all_branches && !of_all) return false;
    if (query.branch && *query.branch != cursor.branch) return false;
    query.all_branches = of_all;
    query.branch = of_all ? std::nullopt : std::optional{cursor.branch};
    query.page.order = cursor.order;
    auto& place = cursor.direction == cursor_direction::next ? query.page.after : query.page.before;
    place = cursor.seq;
    return true;
}

result<list_request> read_message_query(request const& call) {
    query_reader in{call, {"limit", "cursor", "order", "branch"}};
    list_request out;
    out.query.page.limit = in.limit();
    auto const order = in.one_of("order", {"asc", "desc"});
    if (order == "asc") out.query.page.order = page_order::ascending;
    if (in.failure()) return std::unexpected(*in.failure());
    if (auto const branch = in.text("branch"); branch && !read_branch(*branch, out.query)) {
        return branch_not_found("branch");
    }
    auto const text = in.text("cursor");
    if (!text) return out;
    out.cursor = parse_message_cursor(*text);
    bool const fits = out.cursor && (!order || out.cursor->order == out.query.page.order);
    if (!fits || !follow_cursor(*out.cursor, out.query)) return foreign_cursor();
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
    if (asked->respond && asked->manner == turn_manner::stream) {
        auto const room = co_await take_stream_place(api(), call);
        if (!room) co_return std::unexpected(room.error());
    }
    auto const wanted = keyed(call, *id);
    if (!wanted) co_return std::unexpected(wanted.error());
    auto entry = co_await api().requests.enter(*wanted);
    if (!entry) co_return std::unexpected(entry.error());
    if (asked->draft.role == message_role::tool) {
        auto told = co_await answer_tool_message(api(), call, std::move(*asked), *id, std::move(*entry));
        co_return told;
    }
    if (!asked->respond) {
        auto stored = co_await store_only(api(), *entry, std::move(*asked), *id);
        co_return stored;
    }
    auto const manner = asked->manner;
    auto turn = turn_of(std::move(*asked), *id, entry->request);
    auto answered = co_await answer_turn(api(), call, std::move(turn), manner, std::move(*entry));
    co_return answered;
}

task<result<response>> list_messages::answer(request& call) {
    auto const id = interaction_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto asked = read_message_query(call);
    if (!asked) co_return std::unexpected(asked.error());
    auto& query = asked->query;
    auto items = co_await api().conversations.page_of_branch(call.caller.user_id, *id, query);
    if (!items) {
        if (asked->cursor && items.error().code == "branch_not_found") {
            co_return foreign_cursor();
        }
        if (items.error().code == "branch_not_found") co_return branch_not_found("branch");
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
    auto const found = co_await api().conversations.get_message(call.caller.user_id, *interaction, *id);
    if (!found) co_return std::unexpected(found.error());
    co_return json_response(200, to_json(*found));
}

task<result<response>> get_sibling::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const interaction = interaction_of(call);
    if (!interaction) co_return std::unexpected(interaction.error());
    auto const id = message_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto const index = sibling_index_of(call);
    if (!index) co_return std::unexpected(index.error());
    auto const found =
        co_await api().conversations.get_sibling(call.caller.user_id, *interaction, *id, *index);
    if (!found) co_return std::unexpected(found.error());
    co_return json_response(200, to_json(*found));
}

}  // namespace parley::http
