#include "modules/identity/recent_callers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace parley {
namespace {

using namespace std::chrono_literals;

class recent_callers_test : public testing::Test {
protected:
    steady_source time() {
        return [this] { return now_; };
    }
    std::chrono::steady_clock::time_point now_{1h};
};

TEST_F(recent_callers_test, knows_who_was_found_for_a_second) {
    recent_callers recent{time()};
    auto const shown = sha256("a");
    auto const who = user_id::make();
    EXPECT_FALSE(recent.find(shown));
    recent.remember(shown, {{who, {.read = true}}, now_});
    now_ += 999ms;
    ASSERT_TRUE(recent.find(shown));
    EXPECT_EQ(recent.find(shown)->user_id, who);
    EXPECT_FALSE(recent.find(sha256("b")));
    now_ += 1ms;
    EXPECT_FALSE(recent.find(shown));
}

TEST_F(recent_callers_test, and_never_longer_than_what_was_shown_is_good) {
    recent_callers recent{time()};
    recent.remember(sha256("short"), {{user_id::make()}, now_, 10ms});
    recent.remember(sha256("long"), {{user_id::make()}, now_, 1h});
    now_ += 10ms;
    EXPECT_FALSE(recent.find(sha256("short")));
    now_ += 990ms;
    EXPECT_FALSE(recent.find(sha256("long")));
}

TEST_F(recent_callers_test, the_second_is_over_when_the_answer_came_late) {
    recent_callers recent{time()};
    auto const shown = sha256("a");
    auto const asked = recent.now();
    now_ += 700ms;
    recent.remember(shown, {{user_id::make()}, asked});
    now_ += 299ms;
    EXPECT_TRUE(recent.find(shown));
    now_ += 1ms;
    EXPECT_FALSE(recent.find(shown));
}

TEST_F(recent_callers_test, what_was_proved_by_something_else_is_not_known) {
    recent_callers recent{time()};
    auto const shown = sha256("a");
    auto const before = std::make_shared<int const>(1);
    auto const after = std::make_shared<int const>(1);
    recent.remember(shown, {{user_id::make()}, now_, 1s, before});
    EXPECT_TRUE(recent.find(shown, before));
    EXPECT_FALSE(recent.find(shown, after));
    EXPECT_FALSE(recent.find(shown));
}

TEST_F(recent_callers_test, keeps_few_however_many_come) {
    recent_callers recent{time(), 160};
    auto known = 0;
    for (int i = 0; i < 10'000; ++i)
        recent.remember(sha256(std::to_string(i)), {{user_id::make()}, recent.now()});
    for (int i = 0; i < 10'000; ++i) known += recent.find(sha256(std::to_string(i))) ? 1 : 0;
    EXPECT_GT(known, 0);
    EXPECT_LE(known, 160);
}

}  // namespace
}  // namespace parley
