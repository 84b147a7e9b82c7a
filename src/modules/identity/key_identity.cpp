#include "modules/identity/key_identity.hpp"

#include <algorithm>
#include <utility>

namespace parley {
namespace {

std::unexpected<error> unknown_key() {
    return fail(error_kind::unauthenticated, "invalid_api_key", "This API key is not known here.",
                "Authorization");
}

std::unexpected<error> expired_key() {
    return fail(error_kind::unauthenticated, "expired_api_key", "This API key has expired.", "Authorization");
}

caller caller_of(held_key const& held) {
    auto may = held.key.scopes;
    may.admin = may.admin && held.is_admin;
    bool const is_bounded = held.key.expires_at || !held.key.limits.empty();
    return {held.key.user_id, may, held.key.key_id, held.limits, held.key.limits, is_bounded};
}

}  // namespace

key_identity::key_identity(identity_store& store, clock const& time, user_id local,
                           std::string_view bootstrap_key, steady_source steady)
    : store_(store),
      time_(time),
      local_(local),
      recent_(std::move(steady)) {
    if (!bootstrap_key.empty()) bootstrap_ = sha256(bootstrap_key);
}

bool key_identity::is_key(std::string_view token) const {
    return is_key_text(token) || (bootstrap_ && equal_in_constant_time(sha256(token), *bootstrap_));
}

task<result<caller>> key_identity::identify(std::string_view token) {
    auto const shown = sha256(token);
    if (bootstrap_ && equal_in_constant_time(shown, *bootstrap_)) co_return caller{local_, all_scopes};
    if (auto const known = recent_.find(shown)) co_return *known;
    if (!is_key_text(token)) co_return unknown_key();
    co_return co_await ask_store(shown);
}

task<result<caller>> key_identity::ask_store(sha256_digest shown) {
    auto const asked = recent_.now();
    auto const held = co_await store_.find_key(shown);
    if (!held) co_return std::unexpected(held.error());
    if (!*held || !equal_in_constant_time((*held)->key.hash, shown)) co_return unknown_key();
    auto const& key = (*held)->key;
    auto const now = time_.now();
    if (key.is_expired(now)) co_return expired_key();
    auto const who = caller_of(**held);
    auto const lasting = key.expires_at ? *key.expires_at - now : recent_callers::longest;
    recent_.remember(shown, {who, asked, lasting});
    co_await note_use(key, now);
    co_return who;
}

/// A store that can not be written may still be read: then the time of use stays what it was, and one request
/// a minute waits for that.
task<void> key_identity::note_use(api_key const& key, timestamp now) {
    if (key.last_used_at && now - *key.last_used_at < key_uses::between) co_return;
    if (!uses_.is_due(key.key_id, now)) co_return;
    static_cast<void>(co_await store_.key_used(key.key_id, now));
}

}  // namespace parley
