#include "adapters/http/native/interactions.hpp"

#include "adapters/http/native/idempotency.hpp"
#include "adapters/http/native/if_match.hpp"
#include "adapters/http/wire/cursor.hpp"
#include "adapters/http/wire/object_reader.hpp"
#include "adapters/http/wire/pages.hpp"
#include "adapters/http/wire/requests.hpp"

#include <algorithm>
#include <utility>

namespace parley::http {
namespace {

result<interaction_query> read_query(request const& call) {
    query_reader in{call, {"limit", "cursor", "sort", "archived", "pinned"}};
    interaction_query query;
    query.page.limit = in.limit();
    auto const sort = in.one_of("sort", {"last_message_at", "created_at"});
    if (sort == "created_at") query.sort = interaction_sort::created_at;
    query.archived = in.boolean("archived");
    query.pinned = in.boolean("pinned");
    if (in.failure()) return std::unexpected(*in.failure());

    auto const text = in.text("cursor");
    if (!text) return query;
    auto const cursor = parse_interaction_cursor(*text);
    if (!cursor || (sort && cursor->sort != query.sort)) return foreign_cursor();
    query.sort = cursor->sort;
    auto& place = cursor->direction == cursor_direction::next ? query.page.after : query.page.before;
    place = cursor->position;
    return query;
}

/// The newest messages, oldest of them first.
task<result<message_page>> newest_messages(conversation_store& store, user_id user, interaction const& of) {
    message_query query;
    query.branch = of.active_branch;
    query.page.order = page_order::descending;
    auto items = co_await store.page_of_branch(user, of.interaction_id, query);
    if (items) {
        std::ranges::reverse(items->data);
        items->has_previous = std::exchange(items->has_more, false);
    }
    co_return items;
}

}  // namespace

task<result<response>> create_interaction::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const body = parse_object(call.header("Content-Type"), call.body);
    if (!body) co_return std::unexpected(body.error());
    auto draft = read_interaction_draft(*body);
    if (!draft) co_return std::unexpected(draft.error());
    auto const wanted = keyed(call, std::nullopt);
    if (!wanted) co_return std::unexpected(wanted.error());
    auto const entry = co_await api().requests.enter(*wanted);
    if (!entry) co_return std::unexpected(entry.error());
    auto made = make_interaction(call.caller.user_id, std::move(*draft), entry->request.at);
    if (!made) {
        co_await api().requests.refused(*entry, made.error());
        co_return std::unexpected(made.error());
    }
    made->interaction_id = entry->request.interaction_id;
    made->active_branch = entry->request.branch;
    auto const stored = co_await api().conversations.create_interaction(*made);
    // The same request has made it before: it is answered as it was then.
    bool const made_before = !stored && entry->repeated && stored.error().code == "interaction_exists";
    if (!stored && !made_before) {
        co_await api().requests.refused(*entry, stored.error());
        co_return std::unexpected(stored.error());
    }
    auto out = interaction_response(201, *made);
    out.headers.push_back({"Location", interaction_path(made->interaction_id)});
    mark_replayed(out, *entry);
    co_return out;
}

task<result<response>> list_interactions::answer(request& call) {
    auto query = read_query(call);
    if (!query) co_return std::unexpected(query.error());
    auto const items = co_await api().conversations.list_interactions(call.caller.user_id, *query);
    if (!items) co_return std::unexpected(items.error());
    std::string body;
    json_writer out{body};
    write_page(out, *items, *query);
    co_return json_response(200, std::move(body));
}

task<result<response>> get_interaction::answer(request& call) {
    query_reader query{call, {"include"}};
    auto const include = query.one_of("include", {"message_list"});
    if (query.failure()) co_return std::unexpected(*query.failure());
    auto const id = interaction_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto const found = co_await api().conversations.get_interaction(call.caller.user_id, *id);
    if (!found) co_return std::unexpected(found.error());
    auto answer = interaction_response(200, *found);
    if (!include) co_return answer;

    auto const items = co_await newest_messages(api().conversations, call.caller.user_id, *found);
    if (!items) co_return std::unexpected(items.error());
    answer.body.clear();
    json_writer out{answer.body};
    out.begin_object();
    write_members(out, *found);
    out.key("message_list");
    write_page(out, *items, {.order = page_order::ascending});
    out.end_object();
    co_return answer;
}

task<result<response>> update_interaction::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const id = interaction_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto const body = parse_object(call.header("Content-Type"), call.body);
    if (!body) co_return std::unexpected(body.error());
    auto patch = read_interaction_patch(*body);
    if (!patch) co_return std::unexpected(patch.error());
    auto const user = call.caller.user_id;
    auto const version = co_await required_version(call, api().conversations, user, *id);
    if (!version) co_return std::unexpected(version.error());
    auto const changed = co_await api().conversations.update_interaction(user, *id, std::move(*patch),
                                                                         *version, api().time.now());
    if (!changed) co_return std::unexpected(changed.error());
    co_return interaction_response(200, *changed);
}

task<result<response>> delete_interaction::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const id = interaction_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto const user = call.caller.user_id;
    auto const version = co_await required_version(call, api().conversations, user, *id);
    if (!version) co_return std::unexpected(version.error());
    auto const gone = co_await api().turns.delete_interaction(user, *id, *version);
    if (!gone) co_return std::unexpected(gone.error());
    co_return nothing_more();
}

}  // namespace parley::http
