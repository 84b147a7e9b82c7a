#include "adapters/llama/control_words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace parley {
namespace {

using written = std::vector<std::pair<std::string, token_id>>;
constexpr token_id none = -1;

class control_words_test : public ::testing::Test {
protected:
    control_words const words{{{.text = "<s>", .token = 1},
                               {.text = "</s>", .token = 2},
                               {.text = "<s>+", .token = 3},
                               {.text = "[eat]", .token = 4, .eats_space_after = true},
                               {.text = "[back]", .token = 5, .eats_space_before = true},
                               {.text = "\xEF\xBD\x9C|", .token = 6}}};

    [[nodiscard]] written cut(std::string text, std::vector<rendered_text::span> said = {}) const {
        written pieces;
        rendered_text const rendered{std::move(text), std::move(said)};
        for (auto const& one : words.cut(rendered)) pieces.emplace_back(one.text, one.word.value_or(none));
        return pieces;
    }
};

TEST_F(control_words_test, are_found_in_what_the_template_wrote) {
    EXPECT_EQ(cut("<s>Hello</s> <s>"), (written{{"", 1}, {"Hello", 2}, {" ", 1}, {"", none}}));
    EXPECT_EQ(cut("nothing < here >"), (written{{"nothing < here >", none}}));
    EXPECT_EQ(cut(""), (written{{"", none}}));
}

TEST_F(control_words_test, the_longest_one_counts) {
    EXPECT_EQ(cut("<s>+<s>"), (written{{"", 3}, {"", 1}, {"", none}}));
}

TEST_F(control_words_test, are_text_where_somebody_said_them) {
    EXPECT_EQ(cut("<s>a</s>b</s>", {{3, 9}}), (written{{"", 1}, {"a</s>b", 2}, {"", none}}));
}

TEST_F(control_words_test, are_text_where_one_letter_was_said) {
    EXPECT_EQ(cut("<s>", {{1, 2}}), (written{{"<s>", none}}));
    EXPECT_EQ(cut("<s>", {{0, 1}}), (written{{"<s>", none}}));
    EXPECT_EQ(cut("<s>", {{2, 3}}), (written{{"<s>", none}}));
    EXPECT_EQ(cut("<s>+", {{3, 4}}), (written{{"", 1}, {"+", none}}));
    EXPECT_EQ(cut("a<s>b", {{0, 1}, {4, 5}}), (written{{"a", 1}, {"b", none}}));
}

TEST_F(control_words_test, some_eat_the_space_beside_them) {
    EXPECT_EQ(cut("a [eat] \n b [back] c"), (written{{"a ", 4}, {"b", 5}, {" c", none}}));
    EXPECT_EQ(cut("[eat]  [back]"), (written{{"", 4}, {"", 5}, {"", none}}));
    EXPECT_EQ(cut("[eat]  "), (written{{"", 4}, {"", none}}));
}

TEST_F(control_words_test, can_be_broken) {
    EXPECT_TRUE(words.stand_in("a<s>"));
    EXPECT_FALSE(words.stand_in("a< s>"));
    EXPECT_EQ(words.broken("a<s>b<s"), "a< s>b<s");
    EXPECT_EQ(words.broken("<s></s>"), "< s>< /s>");
    EXPECT_EQ(words.broken("\xEF\xBD\x9C|"), "\xEF\xBD\x9C |");
    EXPECT_EQ(words.broken("plain"), "plain");
}

TEST_F(control_words_test, of_one_letter_can_be_broken_too) {
    control_words const short_one{{{.text = "#", .token = 7}}};
    EXPECT_FALSE(short_one.stand_in(short_one.broken("a#b")));
}

}  // namespace
}  // namespace parley
