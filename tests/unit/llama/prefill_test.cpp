#include "adapters/llama/prefill.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace parley {
namespace {

using sizes = std::vector<std::size_t>;

TEST(prefill, shares_equally_and_gives_on_what_is_left) {
    EXPECT_EQ(share_prefill(sizes{100, 100}, 64), (sizes{32, 32}));
    EXPECT_EQ(share_prefill(sizes{10, 100, 100}, 64), (sizes{10, 27, 27}));
    EXPECT_EQ(share_prefill(sizes{10, 5}, 64), (sizes{10, 5}));
    EXPECT_EQ(share_prefill(sizes{}, 64), sizes{});
}

TEST(prefill, serves_the_first_where_it_does_not_divide) {
    EXPECT_EQ(share_prefill(sizes{9, 9, 9}, 2), (sizes{1, 1, 0}));
    EXPECT_EQ(share_prefill(sizes{9, 9, 9}, 7), (sizes{3, 2, 2}));
    EXPECT_EQ(share_prefill(sizes{9, 9}, 0), (sizes{0, 0}));
}

TEST(prefill, takes_smaller_pieces_for_larger_models) {
    EXPECT_EQ(prefill_chunk(135'000'000), 64U);
    EXPECT_EQ(prefill_chunk(8'000'000'000), 16U);
    EXPECT_EQ(prefill_chunk(1'000'000), 512U);
    EXPECT_EQ(prefill_chunk(0), 512U);
}

}  // namespace
}  // namespace parley
