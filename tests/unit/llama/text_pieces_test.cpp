#include "adapters/llama/text_pieces.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

TEST(text_pieces, a_short_text_is_one_piece) {
    EXPECT_EQ(first_piece("", 10), 0U);
    EXPECT_EQ(first_piece("0123 56789", 10), 10U);
}

TEST(text_pieces, end_before_a_word) {
    EXPECT_EQ(first_piece("aaaa bbb ccccc", 10), 8U);
    EXPECT_EQ(first_piece("aaaa\nbbb c\nddd", 10), 8U);
}

TEST(text_pieces, leave_white_space_together) {
    EXPECT_EQ(first_piece("aaaaaa b  ccccc", 10), 6U);
    EXPECT_EQ(first_piece("aaaaaa\nb \nccccc", 10), 7U);
}

TEST(text_pieces, end_behind_a_line_when_there_is_no_word) {
    EXPECT_EQ(first_piece("aaaaaa\nbbbbbbbbb", 10), 7U);
}

TEST(text_pieces, never_end_within_a_character) {
    EXPECT_EQ(first_piece("aaaaaaaa\xE2\x82\xAC\xE2\x82\xAC", 10), 8U);
    EXPECT_EQ(first_piece("aaaaaaaaaaaa", 10), 10U);
}

TEST(text_pieces, stay_the_same_when_the_text_grows) {
    std::string const text = "one two three four";
    EXPECT_EQ(first_piece(text + " five", 12), first_piece(text, 12));
}

}  // namespace
}  // namespace parley
