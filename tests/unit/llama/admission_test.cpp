#include "adapters/llama/admission.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace parley {
namespace {

TEST(admission, counts_and_refuses_beyond_its_capacity) {
    std::vector<std::pair<std::size_t, std::size_t>> seen;
    admission places(2, [&seen](admission::counts now) { seen.emplace_back(now.running, now.waiting); });
    {
        auto first = places.enter();
        auto const second = places.enter();
        ASSERT_TRUE(first && second);
        EXPECT_FALSE(places.enter());
        first->begin();
        EXPECT_FALSE(places.enter());
        EXPECT_EQ(places.now().running, 1U);
        EXPECT_EQ(places.now().waiting, 1U);
        first.reset();
        EXPECT_TRUE(places.enter());
    }
    EXPECT_EQ(places.now().running, 0U);
    EXPECT_EQ(places.now().waiting, 0U);
    EXPECT_EQ(seen.front(), (std::pair<std::size_t, std::size_t>{0, 1}));
    EXPECT_EQ(seen.back(), (std::pair<std::size_t, std::size_t>{0, 0}));
}

TEST(admission, a_moved_ticket_counts_once) {
    admission places(1, [](admission::counts) {});
    {
        auto entered = places.enter();
        auto const moved = std::move(*entered);
        entered.reset();
        EXPECT_EQ(places.now().waiting, 1U);
    }
    EXPECT_EQ(places.now().waiting, 0U);
}

}  // namespace
}  // namespace parley
