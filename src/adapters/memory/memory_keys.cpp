#include "adapters/memory/memory_store.hpp"
#include "entities/limits.hpp"
#include "services/store_errors.hpp"

#include <algorithm>
#include <ranges>
#include <tuple>

namespace parley {

std::vector<api_key> memory_store::keys_of(user_id const& id) const {
    std::vector<api_key> out;
    for (auto const& one : keys_ | std::views::values) {
        if (one.user_id == id) out.push_back(one);
    }
    std::ranges::sort(out, std::ranges::greater{},
                      [](api_key const& one) { return std::tuple{one.created_at, one.key_id}; });
    return out;
}

task<result<void>> memory_store::create_key(api_key value) {
    std::lock_guard const lock{guard_};
    if (!users_.contains(value.user_id)) co_return user_not_found();
    if (keys_of(value.user_id).size() >= limits::keys_of_user) co_return too_many_keys();
    bool const taken = std::ranges::any_of(keys_ | std::views::values, [&value](api_key const& one) {
        return one.key_id == value.key_id || one.hash == value.hash;
    });
    if (taken) co_return key_exists();
    keys_.emplace(value.key_id, value);
    co_return result<void>{};
}

task<result<std::optional<held_key>>> memory_store::find_key(sha256_digest hash) {
    std::lock_guard const lock{guard_};
    std::optional<held_key> found;
    for (auto const& one : keys_ | std::views::values) {
        if (one.hash != hash) continue;
        auto const& owner = users_.at(one.user_id);
        found = held_key{one, owner.is_admin, owner.limits};
    }
    co_return found;
}

task<result<std::vector<api_key>>> memory_store::list_keys(user_id id) {
    std::lock_guard const lock{guard_};
    if (!users_.contains(id)) co_return user_not_found();
    co_return keys_of(id);
}

task<result<void>> memory_store::delete_key(user_id id, key_id key) {
    std::lock_guard const lock{guard_};
    auto const found = keys_.find(key);
    if (found == keys_.end() || found->second.user_id != id) co_return key_not_found();
    keys_.erase(found);
    co_return result<void>{};
}

task<result<void>> memory_store::key_used(key_id key, timestamp at) {
    std::lock_guard const lock{guard_};
    auto const found = keys_.find(key);
    if (found != keys_.end()) {
        auto& last = found->second.last_used_at;
        last = std::max(last.value_or(at), at);
    }
    co_return result<void>{};
}

}  // namespace parley
