#include "modules/cache/cached_identities.hpp"

#include "modules/cache/entry_codec.hpp"

#include <string>
#include <utility>

namespace parley {
namespace {

constexpr std::string_view kind_user = "user";

std::string key_of(user_id const& id) { return "user:" + id.text(); }

}  // namespace

task<result<user>> cached_identities::local_user(timestamp now) {
    auto const known = known_local();
    if (known) {
        auto kept = co_await get_user(*known);
        if (kept || kept.error().kind != error_kind::not_found) co_return kept;
    }
    auto made = co_await store_.local_user(now);
    if (made) remember_local(made->user_id);
    co_return made;
}

task<result<user>> cached_identities::get_user(user_id id) {
    auto const key = key_of(id);
    auto const answer = co_await cache_.lookup(key);
    if (auto const* const hit = std::get_if<cache_hit>(&answer)) {
        auto known = decode_user(hit->bytes);
        if (known && known->user_id == id) {
            seen_.cache_lookup(kind_user, cache_outcome::hit);
            co_return std::move(*known);
        }
    }
    auto const* const miss = std::get_if<cache_miss>(&answer);
    auto const bypassed = miss != nullptr && miss->bypassed;
    seen_.cache_lookup(kind_user, bypassed ? cache_outcome::bypass : cache_outcome::miss);
    auto const token = miss != nullptr ? miss->token : std::nullopt;
    auto const load = [this, id, token] { return read_and_fill(id, token); };
    auto found = co_await flights_.run(key, std::string{}, load);
    co_return found;
}

task<result<user>> cached_identities::read_and_fill(user_id id, std::optional<fill_token> token) {
    auto found = co_await store_.get_user(id);
    if (found && token) cache_.fill(key_of(id), *token, encode_entry(*found));
    co_return found;
}

task<void> cached_identities::invalidate(user_id id) {
    auto const key = key_of(id);
    flights_.forget(key);
    return cache_.invalidate(key);
}

// After an error it may have been written all the same.
task<result<user>> cached_identities::update_user(user_id id, user_patch patch) {
    auto outcome = co_await store_.update_user(id, std::move(patch));
    co_await invalidate(id);
    co_return outcome;
}

task<result<void>> cached_identities::delete_user(user_id id, timestamp now) {
    auto outcome = co_await store_.delete_user(id, now);
    co_await invalidate(id);
    co_return outcome;
}

// Interactions that stand in the cache die there by themselves: nobody is left who may ask for them.
task<result<std::size_t>> cached_identities::purge_users(std::size_t limit, timestamp forget) {
    return store_.purge_users(limit, forget);
}

task<result<user>> cached_identities::external_user(external_identity name, user fresh) {
    return store_.external_user(std::move(name), std::move(fresh));
}

// Nobody has read it before, and what is absent is not kept.
task<result<void>> cached_identities::create_user(user value) { return store_.create_user(std::move(value)); }

task<result<page<user>>> cached_identities::list_users(page_query<user_id> query) {
    return store_.list_users(query);
}

task<result<void>> cached_identities::create_key(api_key value) {
    return store_.create_key(std::move(value));
}

task<result<std::optional<held_key>>> cached_identities::find_key(sha256_digest hash) {
    return store_.find_key(hash);
}

task<result<std::vector<api_key>>> cached_identities::list_keys(user_id id) { return store_.list_keys(id); }

task<result<void>> cached_identities::delete_key(user_id id, key_id key) {
    return store_.delete_key(id, key);
}

task<result<void>> cached_identities::key_used(key_id key, timestamp at) { return store_.key_used(key, at); }

std::optional<user_id> cached_identities::known_local() const {
    std::lock_guard const lock{guard_};
    return local_;
}

void cached_identities::remember_local(user_id id) {
    std::lock_guard const lock{guard_};
    local_ = id;
}

}  // namespace parley
