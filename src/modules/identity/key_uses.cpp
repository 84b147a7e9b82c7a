#include "modules/identity/key_uses.hpp"

namespace parley {

bool key_uses::is_due(key_id const& key, timestamp now) {
    std::scoped_lock const lock{guard_};
    auto const known = last_.find(key);
    if (known != last_.end()) {
        // A clock that was set back keeps nothing from being written for longer than that.
        bool const is_recent = now >= known->second && now - known->second < between;
        if (!is_recent) known->second = now;
        return !is_recent;
    }
    if (last_.size() >= most_) {
        std::erase_if(last_, [now](auto const& one) { return now - one.second >= between; });
        if (last_.size() >= most_) last_.clear();  // some are written more often then
    }
    last_.emplace(key, now);
    return true;
}

}  // namespace parley
