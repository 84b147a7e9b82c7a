#include "adapters/llama/reply_wish.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

generation_request with_tools(std::optional<std::string> choice) {
    generation_request request;
    request.tools = {{"a", "", ""}, {"b", "", R"({"type":"object"})"}};
    request.tool_choice = std::move(choice);
    return request;
}

std::string code_of(generation_request const& request) {
    auto const wish = wish_of(request);
    EXPECT_FALSE(wish);
    return wish ? std::string{} : wish.error().code;
}

TEST(reply_wish, is_plain_without_anything) {
    EXPECT_TRUE(wish_of({})->plain());
    EXPECT_TRUE(wish_of(with_tools("none"))->plain());
}

TEST(reply_wish, applies_the_choice) {
    auto const any = wish_of(with_tools(std::nullopt));
    EXPECT_EQ(any->tools.size(), 2U);
    EXPECT_FALSE(any->must_call);
    EXPECT_EQ(any->tools[0].parameters, R"({"type":"object","properties":{}})");
    EXPECT_TRUE(wish_of(with_tools("required"))->must_call);
    auto const named = wish_of(with_tools("b"));
    EXPECT_TRUE(named->must_call);
    ASSERT_EQ(named->tools.size(), 1U);
    EXPECT_EQ(named->tools[0].name, "b");
}

TEST(reply_wish, refuses_what_can_not_be_called) {
    EXPECT_EQ(code_of(with_tools("c")), "invalid_tool_choice");
    generation_request none;
    none.tool_choice = "required";
    EXPECT_EQ(code_of(none), "invalid_tool_choice");
    auto bad = with_tools("auto");
    bad.tools[1].parameters = "{";
    EXPECT_EQ(code_of(bad), "invalid_schema");
}

TEST(reply_wish, takes_the_form) {
    generation_request request;
    request.response_format = response_format{};
    EXPECT_EQ(wish_of(request)->schema, R"({"type":"object"})");
    request.response_format = response_format{"x", R"({"type":"string"})"};
    EXPECT_EQ(wish_of(request)->schema, R"({"type":"string"})");
    auto forced = with_tools("required");
    forced.response_format = request.response_format;
    EXPECT_FALSE(wish_of(forced)->schema);  // a call has a form of its own
    request.response_format->schema = "7";
    EXPECT_EQ(code_of(request), "invalid_schema");
}

}  // namespace
}  // namespace parley
