#include "adapters/redis/doubtful_keys.hpp"

#include <utility>

namespace parley::redis {

void doubtful_keys::add(std::string key, steady::time_point now) {
    auto const end = now + lasting_;
    std::lock_guard const lock{guard_};
    if (ends_.size() >= most_) std::erase_if(ends_, [now](auto const& one) { return one.second <= now; });
    if (ends_.size() >= most_) {
        ends_.clear();
        all_end_ = end;
    } else {
        ends_[std::move(key)] = end;
    }
    last_end_ = end;
}

bool doubtful_keys::covers(std::string const& key, steady::time_point now) const {
    if (now >= last_end_.load()) return false;
    std::lock_guard const lock{guard_};
    if (now < all_end_) return true;
    auto const found = ends_.find(key);
    return found != ends_.end() && now < found->second;
}

}  // namespace parley::redis
