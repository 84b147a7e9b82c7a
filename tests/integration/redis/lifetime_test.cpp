// How long entries in Redis live.
#include "integration/redis/redis_fixture.hpp"

#include <algorithm>
#include <set>

namespace parley::test {
namespace {

TEST_F(redis_test, lifetimes_lie_between_four_fifths_of_the_time_to_live_and_all_of_it_and_differ) {
    server().start();
    auto how = options();
    how.ttl = 1'000'000s;  // so long that the test's own time does not matter
    auto& kept = open(how);
    constexpr int entries = 200;
    std::set<int> percent;
    for (int i = 0; i < entries; ++i) {
        keep(kept, "bytes", "key");
        auto const name = server().ask({"KEYS", "*:key"});
        auto const left = std::chrono::milliseconds{std::stoll(server().ask({"PTTL", name}))};
        EXPECT_GT(left, how.ttl * 0.799);
        EXPECT_LE(left, how.ttl);
        percent.insert(static_cast<int>(left / (how.ttl / 100)));
        invalidate(kept, "key");
    }
    // Each of the twenty is drawn with a chance of 1/20 or more: that one is missing after 200 is rare, five
    // never.
    EXPECT_GE(percent.size(), 16U);
}

}  // namespace
}  // namespace parley::test
