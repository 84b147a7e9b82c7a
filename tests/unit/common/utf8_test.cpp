#include "common/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

TEST(utf8, takes_every_well_formed_length) {
    EXPECT_TRUE(is_valid_utf8(""));
    EXPECT_TRUE(is_valid_utf8("plain"));
    EXPECT_TRUE(is_valid_utf8("é €  𐍈 \U0010FFFF"));
    EXPECT_TRUE(is_valid_utf8(std::string_view{"a\0b", 3}));
}

TEST(utf8, refuses_ill_formed_bytes) {
    for (auto const* bad :
         {"\x80", "\xc0\xaf", "\xc1\x81", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf0\x80\x80\xaf",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82", "\xe2(\xa1", "\xf0\x9f\x92"}) {
        EXPECT_FALSE(is_valid_utf8(bad)) << bad;
    }
}

TEST(utf8, cuts_between_characters) {
    std::string const text = "a€b";  // 1 + 3 + 1 bytes
    EXPECT_EQ(utf8_prefix(text, 0), 0U);
    EXPECT_EQ(utf8_prefix(text, 1), 1U);
    EXPECT_EQ(utf8_prefix(text, 2), 1U);
    EXPECT_EQ(utf8_prefix(text, 3), 1U);
    EXPECT_EQ(utf8_prefix(text, 4), 4U);
    EXPECT_EQ(utf8_prefix(text, 99), 5U);
    EXPECT_EQ(utf8_prefix(text.substr(0, 3), 99), 1U);
}

TEST(utf8, knows_a_character_that_is_not_finished) {
    EXPECT_EQ(utf8_incomplete_tail("a"), 0U);
    EXPECT_EQ(utf8_incomplete_tail("€"), 0U);
    EXPECT_EQ(utf8_incomplete_tail("a\xe2"), 1U);
    EXPECT_EQ(utf8_incomplete_tail("a\xe2\x82"), 2U);
    EXPECT_EQ(utf8_incomplete_tail("\xf0\x9f\x92"), 3U);
    EXPECT_EQ(utf8_incomplete_tail(""), 0U);
}

TEST(utf8, counts_code_points) { EXPECT_EQ(utf8_length("a€𐍈"), 3U); }

}  // namespace
}  // namespace parley
