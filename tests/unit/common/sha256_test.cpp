#include "common/sha256.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

std::string digest(std::string_view text) { return hex(sha256(text)); }

// The examples of FIPS 180-4.
TEST(sha256, gives_the_standards_digests) {
    EXPECT_EQ(digest(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(sha256, pieces_make_the_same_digest) {
    sha256_stream pieces;
    for (auto const* const piece : {"", "a", "bc"}) pieces.add(piece);
    EXPECT_EQ(pieces.finish(), sha256("abc"));
}

TEST(sha256, digests_are_compared_as_a_whole) {
    auto other = sha256("abc");
    EXPECT_TRUE(equal_in_constant_time(sha256("abc"), other));
    other.back() ^= 1U;
    EXPECT_FALSE(equal_in_constant_time(sha256("abc"), other));
}

}  // namespace
}  // namespace parley
