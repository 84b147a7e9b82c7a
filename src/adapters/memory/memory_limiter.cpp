#include "adapters/memory/memory_limiter.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace parley {
namespace {

using std::chrono::milliseconds;

milliseconds ahead(timestamp of, timestamp now) { return std::max(of - now, milliseconds{0}); }

std::int64_t divided_up(std::int64_t dividend, std::int64_t divisor) {
    return dividend / divisor + (dividend % divisor == 0 ? 0 : 1);
}

}  // namespace

memory_limiter::shard& memory_limiter::shard_of(std::string const& key) {
    return shards_[std::hash<std::string>{}(key) % shards_.size()];
}

/// In whole numbers, so that exactly as many are allowed as was said, however many they are: one costs
/// `window` shares, and each millisecond gives `amount` of them back. The script for Redis does the same.
limit_verdict memory_limiter::take_from(bucket& one, rate_limit rate, timestamp now) {
    auto const cost = rate.window.count();
    auto const capacity = rate.amount * cost;
    // A clock that is behind by less is another server's: to believe it would give back what is used.
    if (one.as_of - now > rate.window) one.as_of = now;
    auto const passed = std::min(ahead(now, one.as_of), rate.window);
    one.used = std::max<std::int64_t>(0, std::min(one.used, capacity) - rate.amount * passed.count());
    one.as_of = std::max(one.as_of, now);
    auto const behind = one.as_of - now;
    limit_verdict out;
    out.is_allowed = one.used + cost <= capacity;
    if (out.is_allowed) {
        one.used += cost;
        out.remaining = (capacity - one.used) / cost;
    } else {
        out.retry_after = behind + milliseconds{divided_up(one.used + cost - capacity, rate.amount)};
    }
    out.full_again = behind + milliseconds{divided_up(one.used, rate.amount)};
    one.empty_at = now + out.full_again;
    return out;
}

task<result<limit_verdict>> memory_limiter::take(std::string key, rate_limit rate, timestamp now) {
    auto& in = shard_of(key);
    std::scoped_lock const lock{in.guard};
    sweep(in, now);
    auto& one = in.buckets.try_emplace(std::move(key), bucket{0, now, now}).first->second;
    co_return take_from(one, countable(rate), now);
}

task<result<limit_verdict>> memory_limiter::enter(std::string key, std::string who, std::int64_t most,
                                                  timestamp until, timestamp now) {
    auto& in = shard_of(key);
    std::scoped_lock const lock{in.guard};
    sweep(in, now);
    auto& all = in.places[key];
    std::erase_if(all, [now](auto const& one) { return one.second <= now; });
    limit_verdict out;
    out.is_allowed = all.contains(who) || std::cmp_less(all.size(), most);
    if (out.is_allowed && until <= now) {
        all.erase(who);
    } else if (out.is_allowed) {
        all.insert_or_assign(std::move(who), until);
    }
    if (out.is_allowed) out.remaining = std::max<std::int64_t>(0, most - std::ssize(all));
    auto const ends = [](auto const& one) { return one.second; };
    if (all.empty()) {
        in.places.erase(key);
        co_return out;
    }
    out.full_again = ahead(std::ranges::max_element(all, {}, ends)->second, now);
    if (!out.is_allowed) out.retry_after = ahead(std::ranges::min_element(all, {}, ends)->second, now);
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
    auto const found = in.sums.find(key);
    bool const known = found != in.sums.end() && now < found->second.until;
    if (amount == 0) return;
    auto const before = known ? found->second : sum{0, until};
    auto const change = std::clamp(amount, -most_counted, most_counted);
    sum const after{std::clamp<std::int64_t>(before.amount + change, 0, most_counted),
                    std::min(before.until, until)};
    if (now < after.until) {
        in.sums.insert_or_assign(std::move(key), after);
    } else {
        in.sums.erase(key);
    }
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
        count += in.size();
    }
    return count;
}

/// With the guard held. Each time that as much has come as was there, so that it costs little.
void memory_limiter::sweep(shard& in, timestamp now) {
    if (in.size() < in.until_sweep) return;
    std::erase_if(in.buckets, [now](auto const& one) { return one.second.empty_at <= now; });
    std::erase_if(in.sums, [now](auto const& one) { return one.second.until <= now; });
    std::erase_if(in.places, [now](auto const& one) {
        return std::ranges::all_of(one.second, [now](auto const& who) { return who.second <= now; });
    });
    in.until_sweep = std::max(first_sweep, 2 * in.size());
}

}  // namespace parley
