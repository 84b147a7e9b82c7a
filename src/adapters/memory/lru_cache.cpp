#include "adapters/memory/lru_cache.hpp"

#include <functional>
#include <list>
#include <mutex>
#include <random>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace parley {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t counters_per_shard = 256;
constexpr std::size_t entry_overhead = 160;  // list node, map node, two headers of strings

/// Between 80 % and 100 %, so that what was filled together does not expire together.
std::chrono::milliseconds jittered(std::chrono::milliseconds ttl) {
    thread_local std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<std::int64_t> share{800, 1000};
    return ttl * share(random) / 1000;
}

struct entry_times {
    steady::time_point given;  // when its token was
    steady::time_point expires;
};

}  // namespace

class lru_cache::shard {
public:
    explicit shard(std::size_t most) : most_(most) {}

    cache_answer lookup(std::string_view key, std::size_t hash) {
        auto const now = steady::now();
        std::lock_guard const lock{guard_};
        auto const found = index_.find(key);
        if (found == index_.end()) return cache_miss{fill_token{counter(hash), now}};
        if (found->second->times.expires <= now) {
            erase(found->second);
            return cache_miss{fill_token{counter(hash), now}};
        }
        recent_first_.splice(recent_first_.begin(), recent_first_, found->second);
        return cache_hit{found->second->bytes};
    }

    void fill(std::string key, std::size_t hash, entry_times times, std::uint64_t token, std::string bytes) {
        auto const cost = key.size() + bytes.size() + entry_overhead;
        std::lock_guard const lock{guard_};
        if (token != counter(hash) || cost > most_) return;
        auto const old = index_.find(key);
        if (old != index_.end()) {
            if (old->second->times.given > times.given) return;  // read later than this one
            erase(old->second);
        }
        recent_first_.push_front({std::move(key), std::move(bytes), times, cost});
        index_.emplace(recent_first_.front().key, recent_first_.begin());
        used_ += cost;
        while (used_ > most_) erase(std::prev(recent_first_.end()));
    }

    void invalidate(std::string_view key, std::size_t hash) {
        std::lock_guard const lock{guard_};
        ++counter(hash);
        auto const found = index_.find(key);
        if (found != index_.end()) erase(found->second);
    }

    std::size_t used() {
        std::lock_guard const lock{guard_};
        return used_;
    }

private:
    struct entry {
        std::string key;
        std::string bytes;
        entry_times times;
        std::size_t cost = 0;
    };
    using entries = std::list<entry>;

    std::uint64_t& counter(std::size_t hash) { return counters_[hash / shard_count % counters_per_shard]; }

    void erase(entries::iterator which) {
        used_ -= which->cost;
        index_.erase(which->key);
        recent_first_.erase(which);
    }

    std::size_t const most_;
    std::mutex guard_;
    entries recent_first_;                                           // guarded, as all below
    std::unordered_map<std::string_view, entries::iterator> index_;  // the keys are the entries' own
    std::array<std::uint64_t, counters_per_shard> counters_{};
    std::size_t used_ = 0;
};

lru_cache::lru_cache(lru_cache_options options) : ttl_(options.ttl) {
    for (auto& one : shards_) one = std::make_unique<shard>(options.max_bytes / shard_count);
}

lru_cache::~lru_cache() = default;

task<cache_answer> lru_cache::lookup(std::string key) {
    auto const hash = std::hash<std::string_view>{}(key);
    co_return shard_of(hash).lookup(key, hash);
}

void lru_cache::fill(std::string key, fill_token token, std::string bytes) {
    auto const hash = std::hash<std::string_view>{}(key);
    shard_of(hash).fill(std::move(key), hash, {token.given, token.given + jittered(ttl_)}, token.value,
                        std::move(bytes));
}

task<void> lru_cache::invalidate(std::string key) {
    auto const hash = std::hash<std::string_view>{}(key);
    shard_of(hash).invalidate(key, hash);
    co_return;
}

std::size_t lru_cache::size_in_bytes() const {
    std::size_t sum = 0;
    for (auto const& one : shards_) sum += one->used();
    return sum;
}

}  // namespace parley
