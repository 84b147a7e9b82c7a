#include "adapters/llama/sampler.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <vector>

namespace parley {
namespace {

std::vector<float> logits_of(std::vector<double> const& shares, std::size_t size = 100) {
    std::vector<float> logits(size, -100.0F);
    for (std::size_t i = 0; i < shares.size(); ++i)
        logits[i * 7 % size] = static_cast<float>(std::log(shares[i]));
    return logits;
}

std::map<std::int32_t, int> draw(sampling how, std::vector<float> const& logits, int times) {
    sampler chooser(how);
    std::map<std::int32_t, int> seen;
    for (int i = 0; i < times; ++i) ++seen[chooser.sample(logits)];
    return seen;
}

TEST(sampler, finds_the_likeliest_wherever_it_stands) {
    for (std::size_t size : {1U, 15U, 16U, 17U, 1000U}) {
        for (std::size_t at = 0; at < size; at += 1 + size / 40) {
            std::vector<float> logits(size, -5.0F);
            logits[at] = 3.0F;
            EXPECT_EQ(likeliest(logits), static_cast<std::int32_t>(at)) << size;
        }
    }
    EXPECT_EQ(likeliest(std::vector<float>{1, 2, 2, 1}), 1);
    EXPECT_EQ(likeliest(std::vector<float>(20, std::numeric_limits<float>::quiet_NaN())), 0);
}

TEST(sampler, takes_the_likeliest_at_temperature_0) {
    auto const seen = draw({.temperature = 0, .top_p = 1, .seed = {}}, logits_of({0.3, 0.4, 0.3}), 20);
    EXPECT_EQ(seen, (std::map<std::int32_t, int>{{7, 20}}));
}

TEST(sampler, draws_by_share) {
    auto const seen = draw({.temperature = 1, .top_p = 1, .seed = 1}, logits_of({0.5, 0.3, 0.2}), 10'000);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_NEAR(seen.at(0), 5'000, 200);
    EXPECT_NEAR(seen.at(7), 3'000, 200);
    EXPECT_NEAR(seen.at(14), 2'000, 200);
}

TEST(sampler, sharpens_with_a_low_and_flattens_with_a_high_temperature) {
    auto const logits = logits_of({0.8, 0.2});
    auto const cold = draw({.temperature = 0.5, .top_p = 1, .seed = 1}, logits, 10'000);
    auto const hot = draw({.temperature = 2, .top_p = 1, .seed = 1}, logits, 10'000);
    EXPECT_NEAR(cold.at(0), 9'412, 100);  // 0.8² / (0.8² + 0.2²)
    EXPECT_NEAR(hot.at(0), 6'667, 200);   // √0.8 / (√0.8 + √0.2)
}

TEST(sampler, cuts_to_the_smallest_set_that_reaches_top_p) {
    auto const logits = logits_of({0.1, 0.5, 0.3, 0.1});
    auto const seen = draw({.temperature = 1, .top_p = 0.75, .seed = 1}, logits, 10'000);
    ASSERT_EQ(seen.size(), 2U);
    EXPECT_NEAR(seen.at(7), 6'250, 200);
    EXPECT_NEAR(seen.at(14), 3'750, 200);
    EXPECT_EQ(draw({.temperature = 1, .top_p = 0.01, .seed = 1}, logits, 50),
              (std::map<std::int32_t, int>{{7, 50}}));
}

TEST(sampler, repeats_itself_with_the_same_seed_only) {
    std::vector<float> const flat(50'000, 0.0F);
    auto const draws = [&flat](std::optional<std::uint64_t> seed) {
        sampler chooser({.temperature = 1, .top_p = 1, .seed = seed});
        std::vector<std::int32_t> tokens;
        for (int i = 0; i < 5; ++i) tokens.push_back(chooser.sample(flat));
        return tokens;
    };
    EXPECT_EQ(draws(7), draws(7));
    EXPECT_NE(draws(7), draws(8));
    EXPECT_NE(draws({}), draws({}));
}

TEST(sampler, survives_logits_that_are_no_numbers) {
    std::vector<float> broken(40, std::numeric_limits<float>::quiet_NaN());
    sampler chooser({.temperature = 1, .top_p = 0.9, .seed = 1});
    EXPECT_EQ(chooser.sample(broken), 0);
    broken[20] = 1;
    EXPECT_EQ(chooser.sample(broken), 20);
}

}  // namespace
}  // namespace parley
