#include "adapters/upstream/thought_splitter.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::upstream {
namespace {

using outcome = std::pair<std::string, std::string>;  // thought, said

outcome split(std::vector<std::string_view> const& pieces) {
    thought_splitter splitter;
    outcome all;
    auto const add = [&all](thought_splitter::split const& part) {
        // What is thought comes first.
        EXPECT_TRUE(all.second.empty() || part.thought.empty());
        all.first += part.thought;
        all.second += part.said;
    };
    for (auto const piece : pieces) add(splitter.feed(piece));
    add(splitter.finish());
    return all;
}

/// In two pieces at every place, and byte by byte: always the same.
outcome split_everywhere(std::string_view text) {
    auto const whole = split({text});
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        EXPECT_EQ(split({text.substr(0, i), text.substr(i)}), whole) << i;
        bytes.push_back(text.substr(i, 1));
    }
    EXPECT_EQ(split(bytes), whole);
    return whole;
}

TEST(thought_splitter, takes_out_what_an_answer_begins_with) {
    EXPECT_EQ(split_everywhere("<think>Hm, a < b.</think>Yes."), (outcome{"Hm, a < b.", "Yes."}));
    EXPECT_EQ(split_everywhere("\n<think>\nHm</think>\n\nYes.\n"), (outcome{"\nHm", "Yes.\n"}));
    EXPECT_EQ(split_everywhere("<think></think>\n\nYes."), (outcome{"", "Yes."}));
}

TEST(thought_splitter, leaves_all_else_as_it_is) {
    for (std::string_view const text :
         {"", "Yes.", "  Yes.", "<", "<thin", "<thinking>No", "A <think>b</think> c", "\n \n", "</think>"}) {
        EXPECT_EQ(split_everywhere(text), (outcome{"", std::string{text}})) << text;
    }
    EXPECT_EQ(split_everywhere("<think>a</think>b<think>c</think>"), (outcome{"a", "b<think>c</think>"}));
    std::string const blank(100, ' ');
    EXPECT_EQ(split_everywhere(blank + "<think>a"), (outcome{"", blank + "<think>a"}));
}

TEST(thought_splitter, gives_what_was_thought_when_the_end_never_comes) {
    EXPECT_EQ(split_everywhere("<think>Hm</thin"), (outcome{"Hm</thin", ""}));
}

TEST(thought_splitter, keeps_no_text_back_that_is_certain) {
    thought_splitter splitter;
    EXPECT_EQ(splitter.feed("<think>a").thought, "a");
    EXPECT_EQ(splitter.feed("b<").thought, "b");
    EXPECT_EQ(splitter.feed("c").thought, "<c");
    EXPECT_EQ(splitter.feed("</think>d").said, "d");
    EXPECT_TRUE(splitter.over());
    EXPECT_EQ(splitter.feed("<think>").said, "<think>");
}

TEST(thought_splitter, leaves_an_answer_alone_whose_thoughts_come_apart) {
    thought_splitter splitter;
    splitter.leave_alone();
    EXPECT_EQ(splitter.feed("<think>a").said, "<think>a");
}

}  // namespace
}  // namespace parley::upstream
