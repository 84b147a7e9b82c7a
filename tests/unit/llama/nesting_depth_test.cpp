#include "adapters/llama/nesting_depth.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

std::size_t depth_of(std::string_view text) {
    nesting_depth nesting;
    for (char const c : text) nesting.feed({&c, 1});
    return nesting.deepest();
}

TEST(nesting_depth, counts_brackets_that_are_open_at_once) {
    EXPECT_EQ(depth_of(""), 0U);
    EXPECT_EQ(depth_of("no brackets"), 0U);
    EXPECT_EQ(depth_of(R"({"a":[{},{},{}],"b":[[1]]})"), 3U);
    EXPECT_EQ(depth_of(std::string(500, '[')), 500U);
    EXPECT_EQ(depth_of("]]]][["), 2U);
}

TEST(nesting_depth, is_not_talked_out_of_it_by_strings) {
    std::string hidden;
    for (int i = 0; i < 300; ++i) hidden += R"(["]",)";
    EXPECT_GE(depth_of(hidden), 300U);
    std::string escaped;
    for (int i = 0; i < 300; ++i) escaped += R"(["\"]",)";
    EXPECT_GE(depth_of(escaped), 300U);
    EXPECT_GE(depth_of("5\" of snow: " + std::string(300, '{')), 300U);
}

}  // namespace
}  // namespace parley
