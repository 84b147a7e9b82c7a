#include "adapters/http/wire/money.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace parley::http {
namespace {

TEST(money, is_written_exactly) {
    EXPECT_EQ(decimal_of_picos(0), "0");
    EXPECT_EQ(decimal_of_picos(1), "0.000000000001");
    EXPECT_EQ(decimal_of_picos(250'000), "0.00000025");
    EXPECT_EQ(decimal_of_picos(1'000'000'000'000), "1");
    EXPECT_EQ(decimal_of_picos(1'500'000'000'000), "1.5");
    EXPECT_EQ(decimal_of_picos(12'345'678'901'234'567), "12345.678901234567");
    EXPECT_EQ(decimal_of_picos(-1'500'000'000'000), "-1.5");
    EXPECT_EQ(decimal_of_picos(std::numeric_limits<std::int64_t>::max()), "9223372.036854775807");
    EXPECT_EQ(decimal_of_picos(std::numeric_limits<std::int64_t>::min()), "-9223372.036854775808");
}

}  // namespace
}  // namespace parley::http
