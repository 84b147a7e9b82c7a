#include "common/stop_filter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley {
namespace {

using strings = std::vector<std::string>;

/// Feeds the text in pieces of `size` bytes and returns all that was shown.
std::string shown(strings stops, std::string const& text, std::size_t size, bool* matched = nullptr) {
    stop_filter filter(std::move(stops));
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += size) out += filter.feed(text.substr(at, size));
    out += filter.finish();
    if (matched != nullptr) *matched = filter.matched();
    return out;
}

TEST(stop_filter, passes_everything_without_stop_strings) {
    stop_filter filter({});
    EXPECT_EQ(filter.feed("abc"), "abc");
    EXPECT_EQ(filter.finish(), "");
    EXPECT_FALSE(filter.matched());
}

TEST(stop_filter, cuts_before_the_stop_string_however_the_text_is_cut) {
    for (std::size_t size = 1; size < 12; ++size) {
        bool matched = false;
        EXPECT_EQ(shown({"END"}, "one two END three", size, &matched), "one two ") << size;
        EXPECT_TRUE(matched);
        EXPECT_EQ(shown({"aab"}, "aaab", size), "a") << size;
        EXPECT_EQ(shown({"abc", "b"}, "xabc", size), "xa") << size;
        EXPECT_EQ(shown({"bc", "abc"}, "xabc", size), "x") << size;
    }
}

TEST(stop_filter, holds_back_only_a_possible_beginning) {
    stop_filter filter({"STOP"});
    EXPECT_EQ(filter.feed("go ST"), "go ");
    EXPECT_EQ(filter.feed("AY"), "STAY");
    EXPECT_EQ(filter.feed("S"), "");
    EXPECT_EQ(filter.feed("S"), "S");
    EXPECT_EQ(filter.finish(), "S");
    EXPECT_FALSE(filter.matched());
}

TEST(stop_filter, shows_nothing_after_a_match) {
    stop_filter filter({"\n\n"});
    EXPECT_EQ(filter.feed("a\n"), "a");
    EXPECT_EQ(filter.feed("\nb"), "");
    EXPECT_TRUE(filter.matched());
    EXPECT_EQ(filter.feed("c"), "");
    EXPECT_EQ(filter.finish(), "");
}

TEST(stop_filter, ignores_empty_stop_strings) { EXPECT_EQ(shown({""}, "abc", 1), "abc"); }

}  // namespace
}  // namespace parley
