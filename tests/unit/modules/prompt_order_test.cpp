#include "modules/prompt/prompt_order.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

using prompt = std::vector<prompt_message>;

prompt_message user(std::string text) { return {.role = "user", .content = std::move(text)}; }
prompt_message says(std::string text) { return {.role = "assistant", .content = std::move(text)}; }
prompt_message calls(std::vector<std::string> ids, std::string text = {}) {
    prompt_message out{.role = "assistant", .content = std::move(text)};
    for (auto& id : ids) out.tool_calls.push_back({std::move(id), "look", "{}"});
    return out;
}
prompt_message answers(std::string id, std::string text = "found") {
    return {.role = "tool", .content = std::move(text), .tool_call_id = std::move(id)};
}

TEST(pair_calls, leaves_a_conversation_that_is_whole_as_it_is) {
    prompt const whole{user("a"), calls({"1", "2"}), answers("2"), answers("1"), says("b")};
    EXPECT_EQ(pair_calls(whole), whole);
    prompt const without_tools{user("a"), says("b"), user("c")};
    EXPECT_EQ(pair_calls(without_tools), without_tools);
}

TEST(pair_calls, leaves_out_calls_without_an_answer) {
    EXPECT_EQ(pair_calls({user("a"), calls({"1", "2"}), answers("2"), user("b")}),
              (prompt{user("a"), calls({"2"}), answers("2"), user("b")}));
    EXPECT_EQ(pair_calls({user("a"), calls({"1"}, "let me look"), user("b")}),
              (prompt{user("a"), says("let me look"), user("b")}));
    EXPECT_EQ(pair_calls({user("a"), calls({"1"}), user("b")}), (prompt{user("a"), user("b")}));
}

TEST(pair_calls, leaves_out_answers_without_a_call_and_second_answers) {
    EXPECT_EQ(pair_calls({answers("1"), user("a")}), (prompt{user("a")}));
    EXPECT_EQ(
        pair_calls({user("a"), calls({"1"}), answers("1", "first"), answers("1", "second"), answers("9")}),
        (prompt{user("a"), calls({"1"}), answers("1", "first")}));
}

TEST(merge_neighbours, joins_texts_and_images_but_nothing_that_has_to_do_with_tools) {
    EXPECT_EQ(merge_neighbours({user("a"), user("b"), says("c")}), (prompt{user("a\n\nb"), says("c")}));
    prompt const tools{calls({"1", "2"}), answers("1"), answers("2"), says("x")};
    EXPECT_EQ(merge_neighbours(tools), tools);
    auto picture = user("look");
    picture.parts = {text_part{"look"}, image_part{"data:image/png;base64,AAAA"}};
    auto const merged = merge_neighbours({picture, user("at this")});
    ASSERT_EQ(merged.size(), 1U);
    EXPECT_EQ(merged[0].content, "look\n\nat this");
    EXPECT_EQ(merged[0].parts, (content_parts{text_part{"look"}, image_part{"data:image/png;base64,AAAA"},
                                              text_part{"\n\n"}, text_part{"at this"}}));
}

}  // namespace
}  // namespace parley
