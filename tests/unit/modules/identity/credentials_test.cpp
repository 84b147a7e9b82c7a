#include "modules/identity/credentials.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(bearer_token, is_what_stands_behind_the_scheme) {
    EXPECT_EQ(bearer_token("Bearer abc"), "abc");
    EXPECT_EQ(bearer_token("bEARER   a b "), "a b ") << "the scheme in any case, RFC 9110";
    for (auto const* const none : {"", "Bearer", "Bearer ", "Bearer   ", "Basic abc", "abc", "Bearerabc"})
        EXPECT_FALSE(bearer_token(none)) << none;
}

}  // namespace
}  // namespace parley
