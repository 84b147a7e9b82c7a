// How much the limiter in the process keeps.
#include "adapters/memory/memory_limiter.hpp"

#include "support/event_loops.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

constexpr timestamp t0{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
// Each of the parts may keep some before it looks for what can be forgotten.
constexpr std::size_t little = 10'000;

class limiter_memory : public testing::Test {
protected:
    /// One after the other, `apart` from each other, each with a key of its own; the most that was kept.
    template <class Use>
    std::size_t most_kept(int count, std::chrono::milliseconds apart, Use use) {
        return most_kept(kept_, count, apart, std::move(use));
    }
    template <class Use>
    std::size_t most_kept(memory_limiter& in, int count, std::chrono::milliseconds apart, Use use) {
        return loops_.run(use_all(in, count, apart, std::move(use)));
    }
    memory_limiter kept_;
    event_loops loops_{1};

private:
    template <class Use>
    static task<std::size_t> use_all(memory_limiter& in, int count, std::chrono::milliseconds apart,
                                     Use use) {
        std::size_t most = 0;
        for (int i = 0; i < count; ++i) {
            co_await use(in, "key" + std::to_string(i), t0 + i * apart);
            most = std::max(most, in.size());
        }
        co_return most;
    }
};

task<void> take_one(memory_limiter& in, std::string key, timestamp now) {
    rate_limit const rate{10, 1min};
    auto const got = co_await in.take(std::move(key), rate, now);
    EXPECT_TRUE(got && got->is_allowed);
}

task<void> enter_once(memory_limiter& in, std::string key, timestamp now) {
    auto const got = co_await in.enter(std::move(key), "who", 1, now + 6s, now);
    EXPECT_TRUE(got && got->is_allowed);
}

task<void> enter_and_leave(memory_limiter& in, std::string key, timestamp now) {
    auto const got = co_await in.enter(key, "who", 1, now + 24h, now);
    EXPECT_TRUE(got && got->is_allowed);
    auto const refused = co_await in.enter(key, "other", 1, now + 24h, now);
    EXPECT_TRUE(refused && !refused->is_allowed);
    in.leave(std::move(key), "who");
}

task<void> add_some(memory_limiter& in, std::string key, timestamp now) {
    in.add(key, 5, now + 6s, now);
    auto const got = co_await in.sum_of(std::move(key), now);
    EXPECT_EQ(got, 5);
}

/// Nothing of these stays at all.
task<void> ask_only(memory_limiter& in, std::string key, timestamp now) {
    static_cast<void>(co_await in.sum_of(key, now));
    in.add(key, 0, now + 24h, now);
    in.add(key, 5, now, now);
    in.add(key, -5, now - 1h, now);
    static_cast<void>(co_await in.enter(key, "who", 0, now + 24h, now));
    static_cast<void>(co_await in.enter(key, "who", 1, now, now));
    in.leave(key, "who");
}

TEST_F(limiter_memory, follows_who_is_active_not_who_was_ever_there) {
    // At each time 6,000 are being remembered.
    memory_limiter rates;
    memory_limiter places;
    memory_limiter sums;
    EXPECT_LE(most_kept(rates, 100'000, 1ms, take_one), 2 * 6'000 + little);
    EXPECT_LE(most_kept(places, 100'000, 1ms, enter_once), 2 * 6'000 + little);
    EXPECT_LE(most_kept(sums, 100'000, 1ms, add_some), 2 * 6'000 + little);
}

TEST_F(limiter_memory, keeps_all_that_still_counts) {
    EXPECT_EQ(most_kept(50'000, 0ms, take_one), 50'000U);
    rate_limit const rate{10, 1min};
    for (int i = 0; i < 50'000; i += 1'000) {
        auto const got = loops_.run(kept_.take("key" + std::to_string(i), rate, t0 + 5'999ms));
        EXPECT_EQ(got.value().remaining, 8) << i;
    }
}

TEST_F(limiter_memory, nothing_stays_of_who_has_left_or_has_only_asked) {
    EXPECT_LE(most_kept(1'000, 0ms, enter_and_leave), 1U);
    EXPECT_LE(most_kept(1'000, 0ms, ask_only), 1U);
    EXPECT_EQ(kept_.size(), 0U);
}

TEST_F(limiter_memory, a_flood_of_refusals_adds_nothing) {
    rate_limit const rate{1, 1min};
    for (int i = 0; i < 1'000; ++i) static_cast<void>(loops_.run(kept_.take("key", rate, t0)));
    EXPECT_EQ(kept_.size(), 1U);
}

TEST_F(limiter_memory, a_clock_that_goes_back_keeps_it_bounded) {
    auto const back = [](memory_limiter& in, std::string key, timestamp now) {
        return take_one(in, std::move(key), now - 2 * (now - t0));
    };
    EXPECT_LE(most_kept(50'000, 1ms, back), 50'000U);
    EXPECT_LE(most_kept(50'000, 1ms, take_one), 50'000 + little);
    static_cast<void>(most_kept(3 * 50'000, 10min, take_one));
    EXPECT_LE(kept_.size(), little);
}

}  // namespace
}  // namespace parley::test
