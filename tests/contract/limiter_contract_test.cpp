// Every limiter counts the same. Times are said, never waited for; they are long, so that what Redis forgets
// by its own clock does not matter.
#include "limiter_under_test.hpp"
#include "support/event_loops.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

namespace parley::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr timestamp t0{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
constexpr rate_limit seven{7, 1h};
// Until one of seven is there again: 3,600,000 / 7 ms, rounded up.
constexpr milliseconds a_seventh{514'286};

class limiter_contract : public testing::TestWithParam<limiter_kind> {
protected:
    limiter& first() { return made_->first(); }
    limiter& second() { return made_->second(); }
    event_loops& loops() { return loops_; }

    limit_verdict take(limiter& in, rate_limit rate, timestamp now, std::string const& key = "key") {
        return value_of(loops_.run(in.take(key, rate, now)));
    }
    limit_verdict enter(limiter& in, std::string const& who, std::int64_t most, timestamp until,
                        timestamp now, std::string const& key = "key") {
        return value_of(loops_.run(in.enter(key, who, most, until, now)));
    }
    /// Nobody waits for these two, but whoever asks the same limiter afterwards: then others see it as well.
    void leave(limiter& in, std::string const& who, std::string const& key = "key") {
        in.leave(key, who);
        static_cast<void>(sum_of(in, t0));
    }
    std::int64_t add(limiter& in, std::int64_t amount, timestamp until, timestamp now,
                     std::string const& key = "key") {
        in.add(key, amount, until, now);
        return sum_of(in, now, key);
    }
    std::int64_t sum_of(limiter& in, timestamp now, std::string const& key = "key") {
        return value_of(loops_.run(in.sum_of(key, now)));
    }
    /// Takes until it is refused, by both in turn; how many were allowed.
    std::int64_t take_all(rate_limit rate, timestamp now) {
        std::int64_t count = 0;
        while (take(count % 2 == 0 ? first() : second(), rate, now).is_allowed) ++count;
        return count;
    }

private:
    template <class T>
    static T value_of(result<T> const& got) {
        EXPECT_TRUE(got) << (got ? "" : got.error().message);
        return got.value_or(T{});
    }

    std::unique_ptr<limiter_under_test> made_ = GetParam().make();
    event_loops loops_;  // joined before the limiter goes
};

std::string name_of_limiter(testing::TestParamInfo<limiter_kind> const& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(every_limiter, limiter_contract, testing::ValuesIn(limiter_kinds()),
                         name_of_limiter);

TEST_P(limiter_contract, so_many_are_allowed_and_the_next_is_not) {
    for (std::int64_t i = 1; i <= 7; ++i) {
        auto const full_again = milliseconds{(i * 3'600'000 + 6) / 7};
        EXPECT_EQ(take(i % 2 == 0 ? first() : second(), seven, t0),
                  (limit_verdict{true, 7 - i, full_again, 0ms}))
            << i;
    }
    EXPECT_EQ(take(first(), seven, t0), (limit_verdict{false, 0, 1h, a_seventh}));
    EXPECT_EQ(take(second(), seven, t0), (limit_verdict{false, 0, 1h, a_seventh})) << "nothing was taken";
    EXPECT_TRUE(take(first(), seven, t0, "another key").is_allowed);
}

TEST_P(limiter_contract, what_retry_after_says_is_exact) {
    EXPECT_EQ(take_all(seven, t0), 7);
    EXPECT_EQ(take(first(), seven, t0 + a_seventh - 1ms),
              (limit_verdict{false, 0, 1h - a_seventh + 1ms, 1ms}));
    EXPECT_TRUE(take(second(), seven, t0 + a_seventh).is_allowed);
    EXPECT_FALSE(take(first(), seven, t0 + a_seventh).is_allowed);
}

TEST_P(limiter_contract, what_full_again_says_is_exact) {
    EXPECT_EQ(take(first(), seven, t0).full_again, a_seventh);
    EXPECT_EQ(take(first(), seven, t0 + a_seventh - 1ms).remaining, 5);
    EXPECT_EQ(take(first(), seven, t0 + 2 * a_seventh).remaining, 6) << "all of it was there again";
}

TEST_P(limiter_contract, it_fills_evenly_and_to_the_last_one) {
    std::int64_t allowed = 0;
    for (auto passed = 0s; passed <= 3h; passed += 97s) {
        allowed += take_all(seven, t0 + passed);
        EXPECT_EQ(allowed, 7 + passed.count() * 7 / 3600) << passed.count();
    }
}

TEST_P(limiter_contract, many_in_one_moment_are_counted_one_by_one) {
    EXPECT_EQ(take_all({2'111, 1h}, t0), 2'111);
    EXPECT_EQ(take_all({2'111, 1h}, t0 + 1min), 35);
}

TEST_P(limiter_contract, the_largest_numbers_are_exact) {
    auto const largest = countable({std::numeric_limits<std::int64_t>::max(), 1min});
    EXPECT_EQ(largest.amount, 150'119'987'578);
    EXPECT_EQ(take(first(), largest, t0), (limit_verdict{true, largest.amount - 1, 1ms, 0ms}));
    EXPECT_EQ(take(first(), {1'000'000'000'000, 1min}, t0, "more").remaining, largest.amount - 1);
    auto const year = countable({std::numeric_limits<std::int64_t>::max(), 366 * 24h});
    EXPECT_EQ(take(first(), year, t0, "year").remaining, year.amount - 1);
    EXPECT_EQ(take(second(), {3, 366 * 24h}, t0, "few").full_again, 366 * 24h / 3);
}

TEST_P(limiter_contract, what_is_no_rate_is_taken_as_the_least_one) {
    EXPECT_EQ(take(first(), {0, 1h}, t0), (limit_verdict{true, 0, 1h, 0ms}));
    EXPECT_FALSE(take(first(), {-5, 1h}, t0).is_allowed);
    EXPECT_EQ(take(first(), {1, 0ms}, t0, "no time"), (limit_verdict{true, 0, 1ms, 0ms}));
}

TEST_P(limiter_contract, another_amount_counts_what_was_taken_before) {
    EXPECT_EQ(take_all({10, 1h}, t0), 10);
    EXPECT_EQ(take_all({25, 1h}, t0), 15);
    EXPECT_EQ(take(first(), {5, 1h}, t0), (limit_verdict{false, 0, 1h, 12min}));
    EXPECT_EQ(take_all({5, 1h}, t0 + 12min), 1);
}

TEST_P(limiter_contract, a_clock_that_is_a_little_behind_gives_nothing_back) {
    EXPECT_EQ(take_all(seven, t0), 7);
    EXPECT_EQ(take(first(), seven, t0 - 10min), (limit_verdict{false, 0, 70min, 10min + a_seventh}));
    std::int64_t allowed = 0;
    for (auto passed = 0min; passed <= 2h; passed += 1min) {
        if (take(first(), seven, t0 + passed).is_allowed) ++allowed;
        if (take(second(), seven, t0 + passed - 59min).is_allowed) ++allowed;
    }
    EXPECT_EQ(allowed, 14);
}

TEST_P(limiter_contract, a_clock_that_has_gone_back_far_locks_nobody_out) {
    EXPECT_EQ(take_all(seven, t0), 7);
    auto const before = t0 - 24h;
    EXPECT_EQ(take(first(), seven, before), (limit_verdict{false, 0, 1h, a_seventh}));
    EXPECT_FALSE(take(first(), seven, before + a_seventh - 1ms).is_allowed);
    EXPECT_TRUE(take(first(), seven, before + a_seventh).is_allowed);
}

TEST_P(limiter_contract, a_clock_that_jumps_ahead_fills_it) {
    EXPECT_EQ(take_all(seven, t0), 7);
    EXPECT_EQ(take(first(), seven, latest_timestamp).remaining, 6);
}

TEST_P(limiter_contract, places_are_taken_and_left) {
    EXPECT_EQ(enter(first(), "a", 2, t0 + 10min, t0), (limit_verdict{true, 1, 10min, 0ms}));
    EXPECT_EQ(enter(second(), "b", 2, t0 + 20min, t0), (limit_verdict{true, 0, 20min, 0ms}));
    EXPECT_EQ(enter(first(), "c", 2, t0 + 20min, t0 + 1min), (limit_verdict{false, 0, 19min, 9min}));
    leave(first(), "nobody");
    leave(first(), "b", "another key");
    EXPECT_FALSE(enter(first(), "c", 2, t0 + 20min, t0).is_allowed);
    leave(first(), "b");
    EXPECT_EQ(enter(second(), "c", 2, t0 + 30min, t0), (limit_verdict{true, 0, 30min, 0ms}));
    EXPECT_TRUE(enter(second(), "d", 2, t0 + 30min, t0, "another key").is_allowed);
    for (auto const* const who : {"a", "c"}) leave(second(), who);
    EXPECT_EQ(enter(first(), "e", 2, t0 + 5min, t0), (limit_verdict{true, 1, 5min, 0ms}));
}

TEST_P(limiter_contract, who_dies_loses_the_place_at_its_end) {
    EXPECT_TRUE(enter(first(), "a", 1, t0 + 10min, t0).is_allowed);
    EXPECT_EQ(enter(second(), "b", 1, t0 + 1h, t0 + 10min - 1ms), (limit_verdict{false, 0, 1ms, 1ms}));
    EXPECT_EQ(enter(second(), "b", 1, t0 + 1h, t0 + 10min), (limit_verdict{true, 0, 50min, 0ms}));
    EXPECT_FALSE(enter(first(), "a", 1, t0 + 1h, t0 + 10min).is_allowed) << "it is somebody else's now";
}

TEST_P(limiter_contract, entering_again_moves_the_end_and_takes_no_second_place) {
    EXPECT_TRUE(enter(first(), "a", 2, t0 + 10min, t0).is_allowed);
    EXPECT_EQ(enter(second(), "a", 2, t0 + 30min, t0 + 5min), (limit_verdict{true, 1, 25min, 0ms}));
    EXPECT_TRUE(enter(first(), "b", 2, t0 + 1h, t0 + 20min).is_allowed);
    EXPECT_FALSE(enter(first(), "c", 2, t0 + 1h, t0 + 20min).is_allowed);
    EXPECT_EQ(enter(first(), "a", 2, t0 + 21min, t0 + 20min).full_again, 40min) << "b's";
    EXPECT_TRUE(enter(first(), "c", 2, t0 + 1h, t0 + 21min).is_allowed) << "a's end has come nearer";
}

TEST_P(limiter_contract, fewer_places_than_are_taken) {
    for (auto const* const who : {"a", "b", "c"})
        EXPECT_TRUE(enter(first(), who, 3, t0 + 10min, t0).is_allowed);
    EXPECT_FALSE(enter(first(), "d", 2, t0 + 10min, t0).is_allowed);
    EXPECT_EQ(enter(first(), "a", 2, t0 + 20min, t0), (limit_verdict{true, 0, 20min, 0ms}));
    leave(first(), "b");
    EXPECT_FALSE(enter(first(), "d", 2, t0 + 10min, t0).is_allowed);
    leave(first(), "c");
    EXPECT_TRUE(enter(first(), "d", 2, t0 + 10min, t0).is_allowed);
}

TEST_P(limiter_contract, where_there_are_no_places_nobody_enters) {
    for (std::int64_t const most :
         {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()})
        EXPECT_EQ(enter(first(), "a", most, t0 + 1h, t0), (limit_verdict{false, 0, 0ms, 0ms})) << most;
    auto const most = std::numeric_limits<std::int64_t>::max();
    EXPECT_TRUE(enter(first(), "a", most, t0 + 1h, t0).is_allowed);
}

TEST_P(limiter_contract, a_place_that_ends_at_once_is_none) {
    EXPECT_EQ(enter(first(), "a", 1, t0, t0), (limit_verdict{true, 1, 0ms, 0ms}));
    EXPECT_EQ(enter(first(), "b", 1, t0 + 1h, t0), (limit_verdict{true, 0, 1h, 0ms}));
    EXPECT_TRUE(enter(first(), "b", 1, t0 - 1h, t0).is_allowed);
    EXPECT_TRUE(enter(first(), "c", 1, t0 + 1h, t0).is_allowed) << "b has gone by that";
}

TEST_P(limiter_contract, sums_grow_until_their_time) {
    EXPECT_EQ(sum_of(first(), t0), 0);
    EXPECT_EQ(add(first(), 5, t0 + 24h, t0), 5);
    EXPECT_EQ(add(second(), 3, t0 + 24h, t0 + 1h), 8);
    EXPECT_EQ(sum_of(first(), t0 + 2h), 8);
    EXPECT_EQ(add(first(), 4, t0 + 24h, t0, "another key"), 4);
    EXPECT_EQ(add(second(), 1, t0 + 24h, t0 + 24h - 1min), 9);
    EXPECT_EQ(sum_of(second(), t0 + 24h - 1ms), 9);
    EXPECT_EQ(sum_of(first(), t0 + 24h), 0);
    EXPECT_EQ(add(first(), 2, t0 + 48h, t0 + 24h), 2);
    EXPECT_EQ(sum_of(second(), t0 + 48h - 1ms), 2);
}

TEST_P(limiter_contract, the_earliest_end_that_was_said_is_a_sums_end) {
    EXPECT_EQ(add(first(), 5, t0 + 24h, t0), 5);
    EXPECT_EQ(add(first(), 5, t0 + 48h, t0), 10);
    EXPECT_EQ(sum_of(first(), t0 + 24h), 0) << "a later one changes nothing";
    EXPECT_EQ(add(first(), 5, t0 + 1000 * 24h, t0 + 24h), 5) << "said by a clock that was wrong";
    EXPECT_EQ(add(first(), 0, t0 + 25h, t0 + 24h), 5);
    EXPECT_EQ(sum_of(first(), t0 + 26h), 5) << "to add nothing changes nothing";
    EXPECT_EQ(add(first(), 5, t0 + 48h, t0 + 24h), 10);
    EXPECT_EQ(sum_of(first(), t0 + 48h), 0);
    EXPECT_EQ(add(first(), 5, t0 + 48h, t0 + 48h), 0) << "over as it began";
    EXPECT_EQ(add(first(), 5, t0 + 72h, t0 + 48h), 5);
    EXPECT_EQ(add(first(), 5, t0 + 48h, t0 + 48h), 0) << "over by that";
    EXPECT_EQ(sum_of(second(), t0), 0);
}

TEST_P(limiter_contract, sums_stay_within_what_is_counted) {
    auto const end = t0 + 24h;
    EXPECT_EQ(add(first(), 10, end, t0), 10);
    EXPECT_EQ(add(first(), -4, end, t0), 6);
    EXPECT_EQ(add(first(), -7, end, t0), 0);
    EXPECT_EQ(add(first(), most_counted - 1, end, t0), most_counted - 1);
    EXPECT_EQ(sum_of(second(), t0), most_counted - 1);
    EXPECT_EQ(add(first(), std::numeric_limits<std::int64_t>::max(), end, t0), most_counted);
    EXPECT_EQ(sum_of(second(), t0), most_counted);
    EXPECT_EQ(add(first(), std::numeric_limits<std::int64_t>::min(), end, t0), 0);
}

TEST_P(limiter_contract, any_bytes_may_be_in_a_key_and_in_who) {
    std::string every;
    for (int byte = 0; byte < 256; ++byte) every.push_back(static_cast<char>(byte));
    for (auto const& key : {std::string{}, std::string{"a b\r\n*1"}, every}) {
        EXPECT_EQ(take(first(), seven, t0, key).remaining, 6);
        EXPECT_EQ(take(second(), seven, t0, key).remaining, 5);
        EXPECT_TRUE(enter(first(), key, 1, t0 + 1h, t0, key).is_allowed);
        EXPECT_FALSE(enter(second(), key + "x", 1, t0 + 1h, t0, key).is_allowed);
        leave(second(), key, key);
        EXPECT_TRUE(enter(second(), key + "x", 1, t0 + 1h, t0, key).is_allowed);
        EXPECT_EQ(add(first(), 7, t0 + 1h, t0, key), 7) << "one key may be each of the three";
        EXPECT_EQ(sum_of(second(), t0, key), 7);
    }
}

TEST_P(limiter_contract, racing_takes_never_exceed) {
    std::vector<task<result<limit_verdict>>> racing;
    for (int i = 0; i < 64; ++i)
        racing.push_back((i % 2 == 0 ? first() : second()).take("key", {20, 1h}, t0 + i * 1ms));
    std::multiset<std::int64_t> remaining;
    for (auto const& got : loops().run_all(std::move(racing))) {
        ASSERT_TRUE(got) << got.error().message;
        if (got->is_allowed) remaining.insert(got->remaining);
    }
    EXPECT_EQ(remaining.size(), 20U);
    EXPECT_EQ(std::set(remaining.begin(), remaining.end()).size(), 20U) << "each was told another number";
}

TEST_P(limiter_contract, racing_entries_never_exceed) {
    std::vector<task<result<limit_verdict>>> racing;
    for (int i = 0; i < 64; ++i)
        racing.push_back((i % 2 == 0 ? first() : second()).enter("key", std::to_string(i), 10, t0 + 1h, t0));
    auto const got = loops().run_all(std::move(racing));
    EXPECT_EQ(std::ranges::count_if(got, [](auto const& one) { return one && one->is_allowed; }), 10);
}

task<result<std::int64_t>> add_and_ask(limiter& in) {
    in.add("key", 3, t0 + 24h, t0);
    auto got = co_await in.sum_of("key", t0);
    co_return got;
}

TEST_P(limiter_contract, racing_sums_lose_nothing) {
    std::vector<task<result<std::int64_t>>> racing;
    for (int i = 0; i < 64; ++i) racing.push_back(add_and_ask(i % 2 == 0 ? first() : second()));
    for (auto const& got : loops().run_all(std::move(racing)))
        EXPECT_GE(got.value_or(0), 3) << "who asks after adding finds it done";
    EXPECT_EQ(sum_of(first(), t0), 192);
}

TEST_P(limiter_contract, who_asks_after_leaving_finds_it_done) {
    for (int i = 0; i < 200; ++i) {
        auto const who = std::to_string(i);
        EXPECT_EQ(enter(first(), who, 1, t0 + 1h, t0), (limit_verdict{true, 0, 1h, 0ms})) << i;
        first().leave("key", who);
    }
}

}  // namespace
}  // namespace parley::test
