#include "common/visible_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

TEST(visible_text, leaves_ordinary_text_alone) {
    EXPECT_EQ(visible_text("Grüße,\n\tAda 😀 ~"), "Grüße,\n\tAda 😀 ~");
    EXPECT_EQ(visible_text(""), "");
}

TEST(visible_text, shows_escape_sequences_instead_of_obeying_them) {
    EXPECT_EQ(visible_text("\x1b[31mred\x1b]0;title\x07"), "␛[31mred␛]0;title␇");
    EXPECT_EQ(visible_text(std::string_view{"\0\b\x7f", 3}), "␀␈␡");
}

TEST(visible_text, drops_carriage_returns_which_would_write_over_the_line) {
    EXPECT_EQ(visible_text("safe\rrm\r\n"), "saferm\n");
}

TEST(visible_text, replaces_the_eight_bit_controls) {
    EXPECT_EQ(visible_text("\xc2\x9b"
                           "31m"),
              "\xef\xbf\xbd"
              "31m");                                 // CSI
    EXPECT_EQ(visible_text("\xc2\xa0"), "\xc2\xa0");  // no-break space
}

TEST(visible_text, replaces_broken_utf8) {
    EXPECT_EQ(visible_text("a\x9b"
                           "b\xe2\x82"),
              "a\xef\xbf\xbd"
              "b\xef\xbf\xbd\xef\xbf\xbd");
    EXPECT_EQ(visible_text("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(visible_line, leaves_ordinary_text_alone) {
    EXPECT_EQ(visible_line("Grüße, Ada 😀 ~ שלום"), "Grüße, Ada 😀 ~ שלום");
    EXPECT_EQ(visible_line(""), "");
}

TEST(visible_line, shows_what_would_end_the_row_or_move_in_it) {
    EXPECT_EQ(visible_line("x\nAda\tadmin\rme"), "x␊Ada␉admin␍me");
    EXPECT_EQ(visible_line("\x1b[2K\x7f"), "␛[2K␡");
    EXPECT_EQ(visible_line("a\xc2\x85"
                           "b\x9b"),
              "a\xef\xbf\xbd"
              "b\xef\xbf\xbd");
}

TEST(visible_line, shows_marks_of_direction_and_separators_of_lines) {
    for (auto const* const mark : {"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202b",
                                   "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"}) {
        EXPECT_EQ(visible_line("a" + std::string{mark} + "b"),
                  "a\xef\xbf\xbd"
                  "b");
        EXPECT_EQ(visible_text(mark), mark);
    }
    EXPECT_EQ(visible_line("\u200d\u202f\u2065\u206a"), "\u200d\u202f\u2065\u206a") << "their neighbours";
}

}  // namespace
}  // namespace parley
