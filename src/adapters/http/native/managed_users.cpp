#include "adapters/http/native/managed_users.hpp"

#include "adapters/http/native/audit.hpp"
#include "adapters/http/native/idempotency.hpp"
#include "adapters/http/wire/cursor.hpp"
#include "adapters/http/wire/identity.hpp"
#include "common/log.hpp"
#include "modules/identity/user_purge.hpp"
#include "services/store_errors.hpp"

#include <chrono>
#include <functional>
#include <utility>

namespace parley::http {
namespace {

constexpr std::chrono::seconds longest_purge{1};

/// So that mostly nothing is left when it is answered; the rest, and what fails, is the sweep's.
task<void> purge_for_a_while(api_context& api) {
    auto const until = std::chrono::steady_clock::now() + longest_purge;
    std::function<bool()> const enough = [until] { return std::chrono::steady_clock::now() >= until; };
    auto const purged = co_await purge_deleted_users(api.identities, api.time.now(), enough);
    if (!purged) {
        log::warn("what a deleted user left could not be deleted; it is tried again",
                  {{"code", purged.error().code}, {"detail", purged.error().detail}});
    }
}

result<page_query<user_id>> read_user_query(request const& call) {
    query_reader in{call, {"limit", "cursor"}};
    page_query<user_id> query;
    query.limit = in.limit();
    if (in.failure()) return std::unexpected(*in.failure());
    auto const text = in.text("cursor");
    if (!text) return query;
    auto const cursor = parse_user_cursor(*text);
    if (!cursor) return foreign_cursor();
    auto& place = cursor->direction == cursor_direction::next ? query.after : query.before;
    place = cursor->user_id;
    return query;
}

result<user_patch> read_body(request const& call) {
    auto const body = parse_object(call.header("Content-Type"), call.body);
    if (!body) return std::unexpected(body.error());
    return read_managed_user(*body);
}

audit_details details_of(user_patch const& patch) {
    return {.is_admin = patch.is_admin, .limits_changed = patch.limits.has_value()};
}

}  // namespace

result<user_id> user_of(request const& call) {
    if (auto const id = user_id::parse(call.path_parameters.at(0))) return *id;
    return user_not_found();
}

task<result<response>> list_users::answer(request& call) {
    auto const query = read_user_query(call);
    if (!query) co_return std::unexpected(query.error());
    auto const items = co_await api().identities.list_users(*query);
    if (!items) co_return std::unexpected(items.error());
    co_return json_response(200, users_json(*items, *query));
}

task<result<response>> create_user::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const wish = read_body(call);
    if (!wish) co_return std::unexpected(wish.error());
    auto const wanted = keyed(call, std::nullopt);
    if (!wanted) co_return std::unexpected(wanted.error());
    auto const entry = co_await api().requests.enter(*wanted);
    if (!entry) co_return std::unexpected(entry.error());
    user fresh;
    fresh.user_id = user_id{entry->request.first.value};
    fresh.created_at = entry->request.at;
    fresh = apply(*wish, std::move(fresh));
    auto const made = co_await api().identities.create_user(fresh);
    bool const made_before = !made && entry->repeated && made.error().code == "user_exists";
    if (!made && !made_before) {
        audit_doubt(call, "user_created", fresh.user_id, made.error(), details_of(*wish));
        co_await api().requests.refused(*entry, made.error());
        co_return std::unexpected(made.error());
    }
    // Once more by who asks again: of the first time nobody may have seen that it was done.
    audit(call, "user_created", fresh.user_id, details_of(*wish));
    if (made_before) {
        auto const now = co_await api().identities.get_user(fresh.user_id);
        if (!now && now.error().kind == error_kind::not_found) co_return gone_since();
        if (!now) co_return std::unexpected(now.error());
        fresh = *now;
    }
    auto out = json_response(201, to_json(fresh));
    out.headers.push_back({"Location", "/api/v1/users/" + fresh.user_id.text()});
    mark_replayed(out, *entry);
    co_return out;
}

task<result<response>> get_user::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const id = user_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto const found = co_await api().identities.get_user(*id);
    if (!found) co_return std::unexpected(found.error());
    co_return json_response(200, to_json(*found));
}

task<result<response>> update_user::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const id = user_of(call);
    if (!id) co_return std::unexpected(id.error());
    auto patch = read_body(call);
    if (!patch) co_return std::unexpected(patch.error());
    auto const told = details_of(*patch);
    auto const changed = co_await api().identities.update_user(*id, std::move(*patch));
    if (!changed) {
        audit_doubt(call, "user_changed", *id, changed.error(), told);
        co_return std::unexpected(changed.error());
    }
    audit(call, "user_changed", *id, told);
    co_return json_response(200, to_json(*changed));
}

task<result<response>> delete_user::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const id = user_of(call);
    if (!id) co_return std::unexpected(id.error());
    if (*id == api().local_user) {
        co_return fail(error_kind::conflict, "local_user", "The server's own first user can not be deleted.");
    }
    auto const gone = co_await api().identities.delete_user(*id, api().time.now());
    if (!gone) {
        audit_doubt(call, "user_deleted", *id, gone.error());
        co_return std::unexpected(gone.error());
    }
    audit(call, "user_deleted", *id);
    co_await purge_for_a_while(api());
    co_return nothing_more();
}

}  // namespace parley::http
