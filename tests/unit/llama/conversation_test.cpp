#include "adapters/llama/conversation.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

control_words const words{{{.text = "<s>", .token = 1}}};

conversation with_call(std::string arguments) {
    std::vector<prompt_message> const messages{
        {.role = "user", .content = "Weather?"},
        {.role = "assistant", .content = "", .tool_calls = {{"1", "look", std::move(arguments)}}},
        {.role = "tool", .content = "sun", .tool_call_id = "1"},
        {.role = "tool", .content = "wind", .tool_call_id = "1"},
        {.role = "user", .content = "Thanks"}};
    std::vector<tool_definition> const tools{{"look", "Looks.", R"({"type":"object"})"}};
    return conversation_of(messages, tools);
}

std::string arguments_of(std::string arguments) {
    return with_call(std::move(arguments)).messages[1].tool_calls[0].arguments;
}

TEST(conversation, arguments_become_objects) {
    EXPECT_EQ(arguments_of(R"({ "a" : 1 })"), R"({"a":1})");
    EXPECT_EQ(arguments_of(""), "{}");
    EXPECT_EQ(arguments_of("[1]"), R"({"input":"[1]"})");
    EXPECT_EQ(arguments_of("{\"a\":"), R"({"input":"{\"a\":"})");
}

TEST(conversation, knows_whether_it_speaks_of_tools) {
    EXPECT_TRUE(speaks_of_tools(with_call("{}")));
    EXPECT_FALSE(speaks_of_tools(conversation_of(std::vector<prompt_message>{{"user", "Hello"}}, {})));
    EXPECT_EQ(tool_name_of(with_call("{}"), with_call("{}").messages[2]), "look");
}

TEST(conversation, control_words_are_found_and_broken_everywhere) {
    EXPECT_FALSE(has_control_words(words, with_call("{}")));
    for (auto const* arguments :
         {R"({"a":"<s>"})", R"({"<s>":1})", R"({"a":[{"b":"\u003cs\u003e"}]})", "<s>"}) {
        auto const said = with_call(arguments);
        EXPECT_TRUE(has_control_words(words, said)) << arguments;
        EXPECT_FALSE(has_control_words(words, broken(words, said))) << arguments;
    }
    auto said = with_call("{}");
    said.tools[0].parameters = R"({"title":"<s>"})";
    EXPECT_EQ(broken(words, said).tools[0].parameters, R"({"title":"< s>"})");
    said = with_call("{}");
    said.messages[2].content = "<s>";
    EXPECT_EQ(broken(words, said).messages[2].content, "< s>");
    said = with_call("{}");
    said.tools[0].description = "<s>";
    EXPECT_TRUE(has_control_words(words, said));
}

TEST(conversation, can_be_put_in_words) {
    auto const spoken = in_words(with_call("{\"a\":1}"));
    EXPECT_FALSE(speaks_of_tools(spoken));
    ASSERT_EQ(spoken.messages.size(), 4U);
    EXPECT_EQ(spoken.messages[0].role, "system");
    EXPECT_NE(spoken.messages[0].content.find(
                  R"({"name":"look","description":"Looks.","parameters":{"type":"object"}})"),
              std::string::npos)
        << spoken.messages[0].content;
    EXPECT_EQ(spoken.messages[2].content, R"(<tool_call>{"name": "look", "arguments": {"a":1}}</tool_call>)");
    EXPECT_EQ(spoken.messages[3].role, "user");
    EXPECT_EQ(spoken.messages[3].content,
              "<tool_response>\nsun\n</tool_response>\n<tool_response>\nwind\n</tool_response>\nThanks");
}

}  // namespace
}  // namespace parley
