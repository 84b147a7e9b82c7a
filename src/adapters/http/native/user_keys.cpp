#include "adapters/http/native/user_keys.hpp"

#include "adapters/http/native/audit.hpp"
#include "adapters/http/native/idempotency.hpp"
#include "adapters/http/native/managed_users.hpp"
#include "adapters/http/wire/identity.hpp"
#include "services/store_errors.hpp"

#include <algorithm>
#include <utility>

namespace parley::http {
namespace {

result<user_id> owner_of(request const& call, whose_keys whose) {
    return whose == whose_keys::own ? result<user_id>{call.caller.user_id} : user_of(call);
}

result<key_id> key_of(request const& call) {
    if (auto const id = key_id::parse(call.path_parameters.back())) return *id;
    return key_not_found();
}

/// Nobody gives themselves more than they have, nor for longer, by whatever path they come.
result<void> check_own(api_key_draft const& draft, caller const& by) {
    if (by.is_bounded) {
        return fail(error_kind::forbidden, "key_is_bounded",
                    "A key with an end or with limits of its own makes no further keys.");
    }
    if (!by.may.contain(draft.scopes)) {
        return fail(error_kind::forbidden, "insufficient_scope",
                    "A key can be given only what you may do yourself.", "scopes");
    }
    return {};
}

/// A key that somebody else is to have may do whatever it can.
result<void> check_maker(api_key_draft const& draft, user const& owner, caller const& by) {
    if (owner.user_id == by.user_id) {
        if (auto const ok = check_own(draft, by); !ok) return ok;
    }
    if (draft.scopes.admin && !owner.is_admin)
        return invalid("invalid_scopes", "This user is no administrator.", "scopes");
    return {};
}

std::unexpected<error> shown_before() {
    return fail(error_kind::conflict, "key_shown_before",
                "An earlier request under this Idempotency-Key has made the key, whose text is told once. If "
                "it got lost, delete that key and make another.",
                "Idempotency-Key");
}

/// Of a request that was begun before: whether it is to be carried out now. Only who died before the key was
/// stored has left nothing, and comes back soon.
task<result<void>> check_copy(identity_store& store, user_id owner, request_keys::entry const& asked) {
    auto const keys = co_await store.list_keys(owner);
    if (!keys) co_return std::unexpected(keys.error());
    key_id const id{asked.request.first.value};
    if (std::ranges::find(*keys, id, &api_key::key_id) != keys->end()) co_return shown_before();
    if (asked.is_over) co_return gone_since();
    co_return result<void>{};
}

}  // namespace

task<result<response>> list_keys::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const owner = owner_of(call, whose_);
    if (!owner) co_return std::unexpected(owner.error());
    auto const keys = co_await api().identities.list_keys(*owner);
    if (!keys) co_return std::unexpected(keys.error());
    co_return json_response(200, keys_json(*keys));
}

task<result<response>> create_key::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const id = owner_of(call, whose_);
    if (!id) co_return std::unexpected(id.error());
    auto const body = parse_object(call.header("Content-Type"), call.body);
    if (!body) co_return std::unexpected(body.error());
    auto draft = read_key_draft(*body, api().time.now());
    if (!draft) co_return std::unexpected(draft.error());
    auto const owner = co_await api().identities.get_user(*id);
    if (!owner) co_return std::unexpected(owner.error());
    auto const may = check_maker(*draft, *owner, call.caller);
    if (!may) co_return std::unexpected(may.error());
    auto const wanted = keyed(call, std::nullopt);
    if (!wanted) co_return std::unexpected(wanted.error());
    auto const entry = co_await api().requests.enter(*wanted);
    if (!entry) co_return std::unexpected(entry.error());
    if (entry->repeated) {
        auto const ok = co_await check_copy(api().identities, *id, *entry);
        if (!ok) co_return std::unexpected(ok.error());
    }
    auto const text = new_key_text();
    api_key key{.key_id = key_id{entry->request.first.value},
                .user_id = *id,
                .name = std::move(draft->name),
                .hint = hint_of(text),
                .scopes = draft->scopes,
                .hash = sha256(text),
                .created_at = entry->request.at,
                .expires_at = draft->expires_at,
                .limits = draft->limits};
    auto const made = co_await api().identities.create_key(key);
    if (!made && entry->repeated && made.error().code == "key_exists") co_return shown_before();
    audit_details const told{.key = key.key_id, .scopes = key.scopes, .expires_at = key.expires_at};
    if (!made) {
        audit_doubt(call, "key_created", *id, made.error(), told);
        co_await api().requests.refused(*entry, made.error());
        co_return std::unexpected(made.error());
    }
    audit(call, "key_created", *id, told);
    co_return json_response(201, new_key_json(key, text));
}

task<result<response>> delete_key::answer(request& call) {
    if (auto ok = no_query(call); !ok) co_return std::unexpected(ok.error());
    auto const owner = owner_of(call, whose_);
    if (!owner) co_return std::unexpected(owner.error());
    auto const key = key_of(call);
    if (!key) co_return std::unexpected(key.error());
    auto const gone = co_await api().identities.delete_key(*owner, *key);
    if (!gone) {
        audit_doubt(call, "key_deleted", *owner, gone.error(), {.key = *key});
        co_return std::unexpected(gone.error());
    }
    audit(call, "key_deleted", *owner, {.key = *key});
    co_return nothing_more();
}

}  // namespace parley::http
