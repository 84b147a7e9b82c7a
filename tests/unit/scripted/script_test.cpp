#include "adapters/scripted/script.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace parley {
namespace {

std::vector<prompt_message> saying(std::string content) { return {{"user", std::move(content)}}; }

TEST(script, reads_every_member) {
    auto const told =
        script_for(saying(R"(script:{"tokens":["Hel","lo"],"repeat":2,"delay_ms":3,"first_delay_ms":4,)"
                          R"("fail_after":5,"finish_reason":"length","wait_for_stop":true})"));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->tokens, (std::vector<std::string>{"Hel", "lo"}));
    EXPECT_EQ(told->repeat, 2);
    EXPECT_EQ(told->delay, std::chrono::milliseconds{3});
    EXPECT_EQ(told->first_delay, std::chrono::milliseconds{4});
    EXPECT_EQ(told->fail_after, 5);
    EXPECT_EQ(told->finish_reason, finish_reason::length);
    EXPECT_TRUE(told->wait_for_stop);
}

TEST(script, is_that_of_the_last_user_message) {
    std::vector<prompt_message> prompt{{"user", R"(script:{"tokens":["first"]})"},
                                       {"assistant", "first"},
                                       {"user", R"(script:{"tokens":["second"]})"},
                                       {"assistant", ""}};
    auto const told = script_for(prompt);
    ASSERT_TRUE(told);
    EXPECT_EQ(told->tokens, std::vector<std::string>{"second"});
}

TEST(script, refuses_what_it_does_not_understand) {
    for (auto const* bad :
         {"script:", "script:[]", "script:{", R"(script:{"token":[]})", R"(script:{"tokens":"a"})",
          R"(script:{"tokens":[1]})", R"(script:{"repeat":-1})", R"(script:{"repeat":1000001})",
          R"(script:{"repeat":1.5})", R"(script:{"delay_ms":"1"})", R"(script:{"first_delay_ms":600001})",
          R"(script:{"fail_after":null})", R"(script:{"finish_reason":"tired"})",
          R"(script:{"wait_for_stop":1})"}) {
        auto const told = script_for(saying(bad));
        ASSERT_FALSE(told) << bad;
        EXPECT_EQ(told.error().code, "script_invalid") << bad;
        EXPECT_EQ(told.error().kind, error_kind::invalid) << bad;
    }
}

TEST(script, echoes_the_whole_prompt_with_roles) {
    std::vector<prompt_message> prompt{
        {"system", "Be brief."}, {"user", "My name is Ada."}, {"assistant", "Hello"}, {"user", "Who am I?"}};
    EXPECT_EQ(echo_of(prompt),
              "[system] Be brief. | [user] My name is Ada. | [assistant] Hello | [user] Who am I?");
    auto const told = script_for(prompt);
    ASSERT_TRUE(told);
    std::string said;
    for (auto const& token : told->tokens) said += token;
    EXPECT_EQ(said, echo_of(prompt));
    EXPECT_GT(told->tokens.size(), 10U);
}

TEST(script, counts_words_messages_and_the_opening_of_the_reply) {
    EXPECT_EQ(count_words(saying("one two  three\n")), 1 + 1 + 3);
    EXPECT_EQ(count_words({}), 1);
}

TEST(script, keeps_all_space_when_it_cuts_into_words) {
    EXPECT_EQ(words_of("a b\n c"), (std::vector<std::string>{"a ", "b\n ", "c"}));
    EXPECT_EQ(words_of(" a"), (std::vector<std::string>{" ", "a"}));
    EXPECT_TRUE(words_of("").empty());
}

}  // namespace
}  // namespace parley
