#include "entities/usage_limits.hpp"

#include "entities/limits.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley {
namespace {

TEST(usage_limits, lie_between_nothing_and_the_most) {
    EXPECT_EQ(make_usage_limits({}), usage_limits{});
    usage_limits const good{.requests_per_minute = 0, .tokens_per_day = limits::usage_limit};
    EXPECT_EQ(make_usage_limits(good), good);
    std::vector<std::string> names;
    usage_limits draft;
    for_each_limit(
        [&](char const* name, std::optional<std::int64_t>& limit) {
            names.emplace_back(name);
            for (std::int64_t const bad : {std::int64_t{-1}, limits::usage_limit + 1}) {
                limit = bad;
                auto const made = make_usage_limits(draft);
                EXPECT_FALSE(made) << name << bad;
                if (made) continue;
                EXPECT_EQ(made.error().code, "invalid_limits");
                EXPECT_EQ(made.error().kind, error_kind::invalid);
                EXPECT_EQ(made.error().param, "limits." + std::string{name});
            }
            limit.reset();
        },
        draft);
    EXPECT_EQ(names, (std::vector<std::string>{"requests_per_minute", "concurrent_streams",
                                               "queued_generations", "tokens_per_day"}));
}

TEST(usage_limits, nothing_said_is_empty_and_no_limit_is_not) {
    EXPECT_TRUE(usage_limits{}.empty());
    EXPECT_FALSE(usage_limits{.concurrent_streams = 0}.empty());
}

TEST(usage_limits, several_are_visited_together) {
    usage_limits const one{.requests_per_minute = 1, .queued_generations = 3};
    usage_limits other;
    for_each_limit([](char const*, std::optional<std::int64_t> const& from,
                      std::optional<std::int64_t>& to) { to = from; },
                   one, other);
    EXPECT_EQ(one, other);
}

}  // namespace
}  // namespace parley
