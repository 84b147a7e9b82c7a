// Which keys' use was written down a short while ago, or could not be: not every request tries it.
// Thread safety: any thread.
#pragma once

#include "common/id.hpp"
#include "common/timestamp.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <unordered_map>

namespace parley {

class key_uses {
public:
    static constexpr std::chrono::minutes between{1};

    /// Keeps at most `most` of them.
    explicit key_uses(std::size_t most = 65'536) : most_(most) {}

    /// Whether to write it down now; whoever is told so is the only one within a minute.
    [[nodiscard]] bool is_due(key_id const& key, timestamp now) {
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

private:
    std::size_t most_;
    std::mutex guard_;
    std::unordered_map<key_id, timestamp, id_hash> last_;  // guarded
};

}  // namespace parley
