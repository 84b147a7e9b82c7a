#include "common/utf8_stream.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

TEST(utf8_stream, holds_an_unfinished_character_back) {
    utf8_stream stream;
    std::string const text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";  // a é € 😀 z
    std::string out;
    for (char const byte : text) {
        auto const piece = stream.feed({&byte, 1});
        EXPECT_TRUE(piece.empty() || piece.size() == 1 || static_cast<unsigned char>(piece[0]) >= 0xC0);
        out += piece;
    }
    EXPECT_EQ(out, text);
}

TEST(utf8_stream, shows_what_is_complete_at_once) {
    utf8_stream stream;
    EXPECT_EQ(stream.feed("ab\xF0\x9F"), "ab");
    EXPECT_EQ(stream.feed("\x98"), "");
    EXPECT_EQ(stream.feed("\x80!"), "\xF0\x9F\x98\x80!");
}

TEST(utf8_stream, replaces_bytes_that_are_no_character) {
    utf8_stream stream;
    EXPECT_EQ(stream.feed("a\xFF"
                          "b"),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(stream.feed("\x80"), "\xEF\xBF\xBD");
    EXPECT_EQ(stream.feed("\xC3"), "");
    EXPECT_EQ(stream.feed("x"), "\xEF\xBF\xBDx");
}

}  // namespace
}  // namespace parley
