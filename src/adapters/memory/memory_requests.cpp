#include "adapters/memory/memory_store.hpp"

namespace parley {

task<result<remembered_request>> memory_store::remember(remembered_request wanted) {
    std::lock_guard const lock{guard_};
    std::pair key{wanted.user_id, wanted.key};
    auto& kept = requests_.try_emplace(std::move(key), wanted).first->second;
    bool const is_copy = kept.request.first != wanted.first && kept.request.fingerprint == wanted.fingerprint;
    if (is_copy) kept.asked_again = true;
    co_return kept.request;
}

task<result<void>> memory_store::forget(remembered_request refused) {
    std::lock_guard const lock{guard_};
    auto const found = requests_.find({refused.user_id, refused.key});
    bool const is_it = found != requests_.end() && found->second.request.first == refused.first;
    if (is_it && !found->second.asked_again) requests_.erase(found);
    co_return result<void>{};
}

task<result<std::size_t>> memory_store::sweep(timestamp before, std::size_t limit) {
    std::lock_guard const lock{guard_};
    std::size_t removed = 0;
    for (auto at = requests_.begin(); at != requests_.end() && removed < limit;) {
        bool const old = at->second.request.at < before;
        at = old ? requests_.erase(at) : std::next(at);
        if (old) ++removed;
    }
    co_return removed;
}

}  // namespace parley
