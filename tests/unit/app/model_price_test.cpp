#include "app/model_price.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

model_config with_prices(double input, double cached_input, double output) {
    model_config settings;
    settings.price_input = input;
    settings.price_cached_input = cached_input;
    settings.price_output = output;
    return settings;
}

TEST(model_price, is_counted_in_whole_millionths) {
    EXPECT_EQ(price_of(with_prices(0.15, 0.075, 0.6)),
              (token_price{.input = 150'000, .cached_input = 75'000, .output = 600'000}));
    EXPECT_EQ(price_of(with_prices(0.29, 0.000001, 10'000)),
              (token_price{.input = 290'000, .cached_input = 1, .output = 10'000'000'000}))
        << "0.29 * 1e6 is a little less than 290,000";
}

TEST(model_price, one_of_three_is_a_price_and_none_is_no_price) {
    EXPECT_EQ(price_of(with_prices(0, 0, 0.000001)), (token_price{.output = 1}));
    EXPECT_EQ(price_of(with_prices(0, 0, 0)), std::nullopt);
    EXPECT_EQ(price_of(model_config{}), std::nullopt);
}

TEST(model_price, makes_costs_exact) {
    auto const price = price_of(with_prices(0.15, 0.075, 0.6));
    ASSERT_TRUE(price.has_value());
    token_usage const used{.input_tokens = 1000, .cached_tokens = 400, .output_tokens = 10};
    // 600 * 0.15 + 400 * 0.075 + 10 * 0.6 = 126 for a million, in 1e-12
    EXPECT_EQ(cost_of(used, *price), 126'000'000);
}

}  // namespace
}  // namespace parley
