// The life of a circuit breaker, with a clock that the tests move.
#include "modules/routing/breaker.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

using namespace std::chrono_literals;

class a_breaker : public ::testing::Test {
protected:
    void fail_times(int times) {
        for (int i = 0; i < times; ++i) {
            auto const let = fuse_.ask(now_);
            ASSERT_TRUE(let);
            fuse_.failed(*let, now_);
        }
    }

    breaker fuse_{{.failures = 3, .open_for = 30s}};
    breaker::time_point now_{1h};
};

TEST_F(a_breaker, opens_after_so_many_failures_in_a_row) {
    fail_times(2);
    EXPECT_EQ(fuse_.state(), breaker_state::closed);
    fail_times(1);
    EXPECT_EQ(fuse_.state(), breaker_state::open);
    EXPECT_EQ(fuse_.open_until(now_), now_ + 30s);
    EXPECT_FALSE(fuse_.ask(now_ + 29'999ms));
}

TEST_F(a_breaker, counts_anew_after_a_success) {
    fail_times(2);
    auto const let = fuse_.ask(now_);
    fuse_.succeeded(*let);
    fail_times(2);
    EXPECT_EQ(fuse_.state(), breaker_state::closed);
}

TEST_F(a_breaker, lets_one_probe_through_and_closes_when_that_goes_well) {
    fail_times(3);
    now_ += 30s;
    EXPECT_FALSE(fuse_.open_until(now_));
    auto const probe = fuse_.ask(now_);
    ASSERT_TRUE(probe);
    EXPECT_TRUE(probe->probe);
    EXPECT_EQ(fuse_.state(), breaker_state::half_open);
    EXPECT_FALSE(fuse_.ask(now_));
    fuse_.succeeded(*probe);
    EXPECT_EQ(fuse_.state(), breaker_state::closed);
    EXPECT_TRUE(fuse_.ask(now_));
    EXPECT_TRUE(fuse_.ask(now_));
}

TEST_F(a_breaker, opens_again_when_the_probe_fails) {
    fail_times(3);
    now_ += 30s;
    fuse_.failed(*fuse_.ask(now_), now_);
    EXPECT_EQ(fuse_.state(), breaker_state::open);
    EXPECT_FALSE(fuse_.ask(now_ + 29s));
    EXPECT_TRUE(fuse_.ask(now_ + 30s));
}

TEST_F(a_breaker, gives_the_place_of_a_probe_that_tells_nothing_to_the_next) {
    fail_times(3);
    now_ += 30s;
    fuse_.let_go(*fuse_.ask(now_));
    auto const next = fuse_.ask(now_);
    ASSERT_TRUE(next);
    EXPECT_TRUE(next->probe);
}

TEST_F(a_breaker, ignores_what_began_before_it_opened) {
    auto const early = fuse_.ask(now_);
    auto const late = fuse_.ask(now_);
    fail_times(3);
    fuse_.succeeded(*early);
    EXPECT_EQ(fuse_.state(), breaker_state::open);
    now_ += 30s;
    auto const probe = fuse_.ask(now_);
    fuse_.failed(*late, now_);
    fuse_.let_go(*early);
    EXPECT_EQ(fuse_.state(), breaker_state::half_open);
    fuse_.succeeded(*probe);
    EXPECT_EQ(fuse_.state(), breaker_state::closed);
}

TEST_F(a_breaker, rests_as_long_as_it_was_told_and_never_less) {
    fuse_.rest_until(now_ + 5min);
    fuse_.rest_until(now_ + 1min);
    EXPECT_FALSE(fuse_.ask(now_ + 299s));
    EXPECT_TRUE(fuse_.ask(now_ + 300s));
}

TEST_F(a_breaker, is_not_kept_open_by_a_failure_after_a_rest_when_it_has_no_number) {
    breaker never{{.failures = 0, .open_for = 30s}};
    never.rest_until(now_ + 5s);
    EXPECT_FALSE(never.ask(now_));
    auto const probe = never.ask(now_ + 5s);
    ASSERT_TRUE(probe);
    never.failed(*probe, now_ + 5s);
    EXPECT_EQ(never.state(), breaker_state::closed);
}

TEST_F(a_breaker, never_opens_by_failures_when_it_has_no_number) {
    breaker never{{.failures = 0}};
    for (int i = 0; i < 100; ++i) never.failed(*never.ask(now_), now_);
    EXPECT_EQ(never.state(), breaker_state::closed);
}

}  // namespace
}  // namespace parley
