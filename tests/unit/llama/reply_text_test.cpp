#include "adapters/llama/reply_text.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

TEST(reply_text, ends_at_a_stop_string_inside_split_characters) {
    reply_text text({"\xE2\x82\xAC"});  // €
    EXPECT_EQ(text.feed("10 \xE2"), "10 ");
    EXPECT_EQ(text.feed("\x82"), "");
    EXPECT_FALSE(text.stop_string_came());
    EXPECT_EQ(text.feed("\xAC or so"), "");
    EXPECT_TRUE(text.stop_string_came());
    EXPECT_EQ(text.finish(), "");
}

TEST(reply_text, drops_an_unfinished_character_at_the_end) {
    reply_text text({"END"});
    EXPECT_EQ(text.feed("a E\xE2\x82"), "a ");
    EXPECT_EQ(text.finish(), "E");
}

}  // namespace
}  // namespace parley
