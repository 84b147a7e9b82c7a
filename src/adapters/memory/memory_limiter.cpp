#include "adapters/memory/memory_limiter.hpp"

#include <algorithm>
#include <functional>

namespace parley {
namespace {

using std::chrono::milliseconds;

milliseconds ahead(timestamp of, timestamp now) { return std::max(of - now, milliseconds{0}); }

}  // namespace

memory_limiter::shard& memory_limiter::shard_of(std::string const& key) {
    return shards_[std::hash<std::string>{}(key) % shards_.size()];
}

/// The generic cell rate algorithm: a bucket is one time, that at which it would be full again.
task<result<limit_verdict>> memory_limiter::take(std::string key, rate_limit rate, timestamp now) {
    auto& in = shard_of(key);
    std::scoped_lock const lock{in.guard};
    sweep(in, now);
    // In microseconds, so that many in a short time are no whole milliseconds apart.
    using std::chrono::microseconds;
    auto const each = microseconds{rate.window} / rate.amount;
    auto& full_at = in.buckets[key];
    auto const used = microseconds{ahead(full_at, now)};
    auto const after = used + each;
    limit_verdict out;
    if (after > microseconds{rate.window}) {
        out.is_allowed = false;
        out.retry_after = std::chrono::ceil<milliseconds>(after - rate.window);
        out.full_again = std::chrono::ceil<milliseconds>(used);
        co_return out;
    }
    full_at = now + std::chrono::ceil<milliseconds>(after);
    out.remaining = (microseconds{rate.window} - after) / each;
    out.full_again = std::chrono::ceil<milliseconds>(after);
    co_return out;
}

task<result<limit_verdict>> memory_limiter::enter(std::string key, std::string who, std::int64_t most,
                                                  timestamp until, timestamp now) {
    auto& in = shard_of(key);
    std::scoped_lock const lock{in.guard};
    sweep(in, now);
    auto& all = in.places[key];
    std::erase_if(all, [now](auto const& one) { return one.second <= now; });
    bool const known = all.contains(who);
    limit_verdict out;
    if (!known && std::cmp_greater_equal(all.size(), most)) {
        out.is_allowed = false;
        auto const first = std::ranges::min_element(all, {}, [](auto const& one) { return one.second; });
        if (first != all.end()) out.retry_after = ahead(first->second, now);
        if (all.empty()) in.places.erase(key);
        co_return out;
    }
    all[std::move(who)] = until;
    out.remaining = most - static_cast<std::int64_t>(all.size());
    co_return out;
}

void memory_limiter::leave(std::string key, std::string who) {
    auto& in = shard_of(key);
    std::scoped_lock const lock{in.guard};
    auto const all = in.places.find(key);
    if (all == in.places.end()) return;
    all->second.erase(who);
    if (all->second.empty()) in.places.erase(all);
}

void memory_limiter::add(std::string key, std::int64_t amount, timestamp until, timestamp now) {
    auto& in = shard_of(key);
    std::scoped_lock const lock{in.guard};
    sweep(in, now);
    auto& one = in.sums[key];
    if (one.until <= now) one = sum{0, until};
    one.amount += amount;
}

task<result<std::int64_t>> memory_limiter::sum_of(std::string key, timestamp now) {
    auto& in = shard_of(key);
    std::scoped_lock const lock{in.guard};
    auto const found = in.sums.find(key);
    co_return found != in.sums.end() && now < found->second.until ? found->second.amount : 0;
}

std::size_t memory_limiter::size() const {
    std::size_t count = 0;
    for (auto const& in : shards_) {
        std::scoped_lock const lock{in.guard};
        count += in.buckets.size() + in.places.size() + in.sums.size();
    }
    return count;
}

/// With the guard held. Each time that as much has come as was there, so that it costs little.
void memory_limiter::sweep(shard& in, timestamp now) {
    if (in.buckets.size() + in.places.size() + in.sums.size() < in.until_sweep) return;
    std::erase_if(in.buckets, [now](auto const& one) { return one.second <= now; });
    std::erase_if(in.sums, [now](auto const& one) { return one.second.until <= now; });
    std::erase_if(in.places, [now](auto const& one) {
        return std::ranges::all_of(one.second, [now](auto const& who) { return who.second <= now; });
    });
    in.until_sweep = std::max(first_sweep, 2 * (in.buckets.size() + in.places.size() + in.sums.size()));
}

}  // namespace parley
