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

TEST(script, reads_calls_thoughts_and_failures) {
    auto const told = script_for(saying(
        R"(script:{"reasoning":["Hm"],"tool_calls":[{"name":"a","arguments":{"x":1}},)"
        R"({"name":"b","arguments":"no JSON","id":"own"},{"name":"c"}],"fail_code":"upstream_rate_limited",)"
        R"("fail_kind":"rate_limited","retry_after_ms":1500,"refuse":true})"));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->reasoning, std::vector<std::string>{"Hm"});
    EXPECT_EQ(told->tool_calls,
              (std::vector<tool_call>{
                  {"call_1", "a", R"({"x":1})"}, {"own", "b", "no JSON"}, {"call_3", "c", "{}"}}));
    EXPECT_TRUE(told->refuse);
    EXPECT_EQ(told->retry_after, std::chrono::milliseconds{1500});
    auto const failure = failure_of(*told, "Why.");
    EXPECT_EQ(failure.kind, error_kind::rate_limited);
    EXPECT_EQ(failure.code, "upstream_rate_limited");
    EXPECT_EQ(failure.message, "Why.");
}

TEST(script, is_none_behind_the_result_of_a_tool) {
    std::vector<prompt_message> prompt{
        {.role = "user", .content = R"(script:{"tool_calls":[{"name":"get_time"}]})"},
        {.role = "assistant", .content = "", .tool_calls = {{"call_1", "get_time", "{}"}}},
        {.role = "tool", .content = "noon", .tool_call_id = "call_1"}};
    auto const told = script_for(prompt);
    ASSERT_TRUE(told);
    EXPECT_TRUE(told->tool_calls.empty());
    EXPECT_EQ(told->tokens, words_of(echo_of(prompt)));
    prompt.push_back({.role = "user", .content = R"(script:{"tokens":["again"]})"});
    EXPECT_EQ(script_for(prompt)->tokens, std::vector<std::string>{"again"});
}

TEST(script, echoes_calls_results_and_images) {
    EXPECT_EQ(
        echo_of(std::vector<prompt_message>{
            {.role = "user",
             .content = "Look:and there",
             .parts = {text_part{"Look:"}, image_part{"data:a"}, text_part{"and there"},
                       image_part{"data:b"}}},
            {.role = "assistant",
             .content = "Well",
             .tool_calls = {{"call_1", "get_time", R"({"zone":"UTC"})"}, {"call_2", "stop", "{}"}}},
            {.role = "assistant", .content = "", .tool_calls = {{"call_3", "stop", "{}"}}},
            {.role = "tool", .content = "noon", .tool_call_id = "call_1"}}),
        R"([user] Look: {image}and there {image} | [assistant] Well {call get_time({"zone":"UTC"})} {call stop({})})"
        R"( | [assistant] {call stop({})} | [tool call_1] noon)");
}

TEST(script, echoes_as_json_where_that_is_asked) {
    auto const told = script_for(saying("Say \"hello\""), true);
    ASSERT_TRUE(told);
    std::string said;
    for (auto const& token : told->tokens) said += token;
    EXPECT_EQ(said, R"({"echo":"[user] Say \"hello\""})");
    EXPECT_EQ(script_for(saying(R"(script:{"tokens":["a"]})"), true)->tokens, std::vector<std::string>{"a"});
}

TEST(script, refuses_what_it_does_not_understand) {
    for (auto const* bad : {"script:",
                            "script:[]",
                            "script:{",
                            R"(script:{"token":[]})",
                            R"(script:{"tokens":"a"})",
                            R"(script:{"tokens":[1]})",
                            R"(script:{"repeat":-1})",
                            R"(script:{"repeat":1000001})",
                            R"(script:{"repeat":1.5})",
                            R"(script:{"delay_ms":"1"})",
                            R"(script:{"first_delay_ms":600001})",
                            R"(script:{"fail_after":null})",
                            R"(script:{"finish_reason":"tired"})",
                            R"(script:{"wait_for_stop":1})",
                            R"(script:{"tool_calls":{}})",
                            R"(script:{"tool_calls":[{}]})",
                            R"(script:{"tool_calls":[{"name":"a","argument":"{}"}]})",
                            R"(script:{"reasoning":"a"})",
                            R"(script:{"fail_kind":"internal"})",
                            R"(script:{"fail_code":""})",
                            R"(script:{"retry_after_ms":-1})",
                            R"(script:{"refuse":"yes"})"}) {
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
    generation_request asked;
    EXPECT_EQ(count_words(asked), 1);
    asked.prompt = saying("one two  three\n");
    EXPECT_EQ(count_words(asked), 1 + 1 + 3);
    asked.tools = {{.name = "look", .description = "Looks around.", .parameters = {}}};
    EXPECT_EQ(count_words(asked), 1 + 1 + 3 + 1 + 2);
}

TEST(script, keeps_all_space_when_it_cuts_into_words) {
    EXPECT_EQ(words_of("a b\n c"), (std::vector<std::string>{"a ", "b\n ", "c"}));
    EXPECT_EQ(words_of(" a"), (std::vector<std::string>{" ", "a"}));
    EXPECT_TRUE(words_of("").empty());
}

}  // namespace
}  // namespace parley
