// How long entries of the cache in the process live.
#include "adapters/memory/lru_cache.hpp"

#include "support/event_loops.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds ttl = 1'000'000s;  // so long that the test's own time does not matter
constexpr int entries = 1'000;

class lru_lifetimes : public testing::Test {
protected:
    /// How many of many entries are alive when this share of the time to live has passed since their tokens.
    int alive_after(double share) {
        lru_cache kept{{.ttl = ttl}};
        auto const age = std::chrono::duration_cast<std::chrono::milliseconds>(ttl * share);
        int alive = 0;
        for (int i = 0; i < entries; ++i) {
            auto const key = "key" + std::to_string(i);
            auto const answer = loops_.run(kept.lookup(key));
            auto token = std::get<cache_miss>(answer).token.value();
            token.given -= age;
            kept.fill(key, token, "bytes");
            auto const after = loops_.run(kept.lookup(key));
            if (std::holds_alternative<cache_hit>(after)) ++alive;
        }
        return alive;
    }
    event_loops loops_;
};

TEST_F(lru_lifetimes, lie_between_four_fifths_of_the_time_to_live_and_all_of_it) {
    EXPECT_EQ(alive_after(0.799), entries);
    EXPECT_EQ(alive_after(1.001), 0);
}

/// What was filled together does not all go to the store again in one moment.
TEST_F(lru_lifetimes, are_spread_evenly) {
    auto const quarter = alive_after(0.85);
    auto const half = alive_after(0.9);
    auto const three_quarters = alive_after(0.95);
    EXPECT_NEAR(quarter, entries * 3 / 4, entries / 10);
    EXPECT_NEAR(half, entries / 2, entries / 10);
    EXPECT_NEAR(three_quarters, entries / 4, entries / 10);
}

}  // namespace
}  // namespace parley::test
