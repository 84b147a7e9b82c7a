#include "adapters/llama/vector_math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace parley {
namespace {

TEST(vector_math, exponentials_are_those_of_the_library) {
    for (float value = 0; value > -75; value -= 0.0137F) {
        float_block block;
        block.fill(2 + value);
        auto const right = std::exp(static_cast<double>(value));
        EXPECT_NEAR(static_cast<double>(exponentials(block, 2, 1)[9]) / right, 1, 1e-5) << value;
    }
}

TEST(vector_math, exponentials_of_very_small_values_vanish) {
    float_block block;
    block.fill(never);
    block[1] = -1e30F;
    block[2] = std::numeric_limits<float>::quiet_NaN();
    for (auto const weight : exponentials(block, 0, 1)) EXPECT_LT(weight, 1e-34F);
}

TEST(vector_math, a_block_at_the_end_is_filled_up) {
    std::vector<float> const values(block_size + 1, 1.0F);
    EXPECT_EQ(block_at(values, 0)[block_size - 1], 1.0F);
    EXPECT_EQ(block_at(values, block_size)[0], 1.0F);
    EXPECT_EQ(block_at(values, block_size)[1], never);
}

TEST(vector_math, any_reaches_looks_at_every_lane) {
    float_block block;
    block.fill(0);
    EXPECT_FALSE(any_reaches(block, 1));
    for (auto& value : block) {
        value = 1;
        EXPECT_TRUE(any_reaches(block, 1));
        value = 0;
    }
}

}  // namespace
}  // namespace parley
