#include "modules/routing/target_order.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace parley {
namespace {

using order = std::vector<std::size_t>;

random_source always(std::uint64_t value) {
    return [value](std::uint64_t) { return value; };
}

TEST(order_of_targets, is_the_list_without_weights) {
    EXPECT_EQ(order_of({0, 1, 2}, {}, always(0)), (order{0, 1, 2}));
    EXPECT_EQ(order_of({0, 1, 2}, {0, 0}, always(0)), (order{0, 1, 2}));
    EXPECT_EQ(order_of({}, {1}, always(0)), order{});
}

TEST(order_of_targets, begins_with_the_one_that_was_drawn_and_goes_on_in_the_list) {
    EXPECT_EQ(order_of({0, 1, 2}, {3, 1}, always(2)), (order{0, 1, 2}));
    EXPECT_EQ(order_of({0, 1, 2}, {3, 1}, always(3)), (order{1, 0, 2}));
    EXPECT_EQ(order_of({0, 1, 2}, {0, 0, 1}, always(0)), (order{2, 0, 1}));
}

TEST(order_of_targets, draws_among_those_that_are_able) {
    EXPECT_EQ(order_of({1, 2}, {8, 1, 1}, always(1)), (order{2, 1}));
    EXPECT_EQ(order_of({2}, {8, 1}, always(0)), order{2});
}

TEST(order_of_targets, keeps_the_proportion_of_the_weights) {
    std::mt19937_64 seeded{42};
    random_source const random = [&](std::uint64_t below) { return seeded() % below; };
    std::array<int, 3> first{};
    for (int i = 0; i < 10'000; ++i) ++first.at(order_of({0, 1, 2}, {7, 3}, random).front());
    EXPECT_NEAR(first[0], 7'000, 150);
    EXPECT_NEAR(first[1], 3'000, 150);
    EXPECT_EQ(first[2], 0);
}

TEST(order_of_targets, has_a_random_source_of_its_own_that_stays_in_its_bounds) {
    std::array<int, 3> drawn{};
    for (int i = 0; i < 3'000; ++i) ++drawn.at(random_below(3));
    for (auto const count : drawn) EXPECT_GT(count, 800);
}

TEST(needs_of_a_request, are_tools_a_format_and_images) {
    generation_request request;
    EXPECT_EQ(needed_by(request), model_abilities{});
    request.prompt = {{.role = "user", .content = "Hi", .parts = {text_part{"Hi"}}}};
    EXPECT_EQ(needed_by(request), model_abilities{});
    request.prompt.front().parts.push_back(image_part{"data:image/png;base64,AAAA"});
    EXPECT_EQ(needed_by(request), (model_abilities{.images = true}));
    request.tools.push_back({.name = "look"});
    request.response_format.emplace();
    EXPECT_EQ(needed_by(request),
              (model_abilities{.tools = true, .structured_output = true, .images = true}));
}

TEST(needs_of_a_request, are_missed_one_by_one) {
    EXPECT_EQ(missing({}, {}), "");
    EXPECT_EQ(missing({.tools = true}, {.structured_output = true, .images = true}), "tools");
    EXPECT_EQ(missing({.structured_output = true}, {.tools = true, .images = true}), "a response format");
    EXPECT_EQ(missing({.images = true}, {.tools = true, .structured_output = true}), "images");
    EXPECT_EQ(missing({true, true, true}, {true, true, true}), "");
}

}  // namespace
}  // namespace parley
