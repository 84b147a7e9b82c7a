#include "adapters/memory/memory_store.hpp"

namespace parley {

void memory_store::count(usage_entry const& entry) {
    if (!counted_.insert(entry.id).second) return;
    usage_[entry.user_id].add(usage_of_one(day_of(entry.at), entry.model_name, entry.usage));
}

task<result<void>> memory_store::add_usage(usage_entry entry) {
    std::lock_guard const lock{guard_};
    count(entry);
    co_return result<void>{};
}

task<result<std::vector<usage_day>>> memory_store::usage_by_day(user_id user, std::chrono::sys_days first,
                                                                std::chrono::sys_days last) {
    std::lock_guard const lock{guard_};
    std::vector<usage_day> out;
    auto const found = usage_.find(user);
    if (found == usage_.end()) co_return out;
    for (auto& one : found->second.in_order()) {
        if (first <= one.day && one.day <= last) out.push_back(std::move(one));
    }
    co_return out;
}

}  // namespace parley
