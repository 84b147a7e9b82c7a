// Keys whose invalidation did not arrive: what the cache keeps under them may be old. They are remembered
// until everything that was kept before has died of age. When there are too many, all keys are doubtful for
// as long.
//
// Thread safety: all functions from any thread; covers() takes no lock while there is nothing to doubt.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace parley::redis {

class doubtful_keys {
public:
    using steady = std::chrono::steady_clock;

    /// `lasting` is how old an entry can get.
    doubtful_keys(std::chrono::milliseconds lasting, std::size_t most) : lasting_(lasting), most_(most) {}

    void add(std::string key, steady::time_point now);
    [[nodiscard]] bool covers(std::string const& key, steady::time_point now) const;

private:
    std::chrono::milliseconds const lasting_;
    std::size_t const most_;
    std::atomic<steady::time_point> last_end_{steady::time_point::min()};  // of any doubt
    mutable std::mutex guard_;
    std::unordered_map<std::string, steady::time_point> ends_;  // guarded, as all below
    steady::time_point all_end_ = steady::time_point::min();
};

}  // namespace parley::redis
