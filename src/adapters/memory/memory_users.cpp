#include "adapters/memory/memory_scan.hpp"
#include "adapters/memory/memory_store.hpp"
#include "services/keyset.hpp"
#include "services/store_errors.hpp"

#include <utility>

namespace parley {

bool memory_store::is_known(user_id const& id) const { return users_.contains(id) || deleted_.contains(id); }

task<result<user>> memory_store::local_user(timestamp now) {
    std::lock_guard const lock{guard_};
    if (!local_) {
        local_ = user_id::make();
        users_[*local_] = {*local_, {}, {}, now, true, {}};
    }
    co_return users_[*local_];
}

task<result<user>> memory_store::external_user(external_identity name, user fresh) {
    std::lock_guard const lock{guard_};
    auto const known = names_.find(name);
    if (known != names_.end()) co_return users_[known->second];
    if (is_known(fresh.user_id)) co_return user_exists();
    names_.emplace(std::move(name), fresh.user_id);
    users_[fresh.user_id] = fresh;
    co_return fresh;
}

task<result<void>> memory_store::create_user(user value) {
    std::lock_guard const lock{guard_};
    if (is_known(value.user_id)) co_return user_exists();
    auto const id = value.user_id;
    users_[id] = std::move(value);
    co_return result<void>{};
}

task<result<user>> memory_store::get_user(user_id id) {
    std::lock_guard const lock{guard_};
    auto const found = users_.find(id);
    if (found == users_.end()) co_return user_not_found();
    co_return found->second;
}

task<result<user>> memory_store::update_user(user_id id, user_patch patch) {
    std::lock_guard const lock{guard_};
    auto const found = users_.find(id);
    if (found == users_.end()) co_return user_not_found();
    found->second = apply(patch, std::move(found->second));
    co_return found->second;
}

task<result<page<user>>> memory_store::list_users(page_query<user_id> query) {
    std::vector<user> all;
    {
        std::lock_guard const lock{guard_};
        for (auto const& [id, value] : users_) all.push_back(value);
    }
    auto const position_of = [](user const& value) { return value.user_id; };
    co_return read_page<user>(query, scan_of(all, position_of), position_of,
                              [](user const& value) { return text_bytes(value); });
}

task<result<void>> memory_store::delete_user(user_id id, timestamp now) {
    std::lock_guard const lock{guard_};
    if (users_.erase(id) == 0) co_return user_not_found();
    if (local_ == id) local_.reset();
    std::erase_if(names_, [&id](auto const& entry) { return entry.second == id; });
    std::erase_if(keys_, [&id](auto const& entry) { return entry.second.user_id == id; });
    deleted_.emplace(id, now);
    co_return result<void>{};
}

task<result<std::size_t>> memory_store::purge_users(std::size_t limit, timestamp forget) {
    std::lock_guard const lock{guard_};
    co_return purge(limit, forget);
}

std::size_t memory_store::purge(std::size_t limit, timestamp forget) {
    std::vector<interaction_id> theirs;
    for (auto const& [id, in] : conversations_) {
        if (theirs.size() < limit && deleted_.contains(in.value.user_id)) theirs.push_back(id);
    }
    for (auto const& id : theirs) remove(id);
    std::erase_if(usage_, [&](auto const& entry) { return deleted_.contains(entry.first); });
    std::erase_if(requests_, [&](auto const& entry) { return deleted_.contains(entry.first.first); });
    std::set<user_id> left;
    for (auto const& [id, in] : conversations_) left.insert(in.value.user_id);
    std::erase_if(deleted_,
                  [&](auto const& entry) { return entry.second < forget && !left.contains(entry.first); });
    return theirs.size();
}

}  // namespace parley
