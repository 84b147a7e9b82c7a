#include "adapters/redis/doubtful_keys.hpp"

#include <gtest/gtest.h>

namespace parley::redis {
namespace {

using namespace std::chrono_literals;

TEST(doubtful_keys, a_key_is_doubted_for_its_time) {
    doubtful_keys doubts{5s, 100};
    auto const now = doubtful_keys::steady::now();
    EXPECT_FALSE(doubts.covers("a", now));
    doubts.add("a", now);
    EXPECT_TRUE(doubts.covers("a", now + 4999ms));
    EXPECT_FALSE(doubts.covers("b", now));
    EXPECT_FALSE(doubts.covers("a", now + 5s));
    doubts.add("a", now + 3s);
    EXPECT_TRUE(doubts.covers("a", now + 7s)) << "the later one counts";
}

TEST(doubtful_keys, too_many_make_all_doubtful) {
    doubtful_keys doubts{5s, 2};
    auto const now = doubtful_keys::steady::now();
    doubts.add("a", now);
    doubts.add("b", now + 1s);
    EXPECT_FALSE(doubts.covers("d", now + 1s));
    doubts.add("c", now + 2s);
    for (auto const* const key : {"a", "b", "c", "d"}) EXPECT_TRUE(doubts.covers(key, now + 6900ms)) << key;
    EXPECT_FALSE(doubts.covers("c", now + 7s));
}

TEST(doubtful_keys, what_has_passed_makes_room) {
    doubtful_keys doubts{5s, 2};
    auto const now = doubtful_keys::steady::now();
    doubts.add("a", now);
    doubts.add("b", now);
    doubts.add("c", now + 6s);
    EXPECT_TRUE(doubts.covers("c", now + 6s));
    EXPECT_FALSE(doubts.covers("d", now + 6s));
}

}  // namespace
}  // namespace parley::redis
