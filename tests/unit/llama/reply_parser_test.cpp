#include "adapters/llama/reply_parser.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace parley {
namespace {

using clock_type = reply_parser::clock;

reply_form form(bool must_call = false, std::optional<std::string> schema = std::nullopt, bool tools = true) {
    reply_wish wish;
    if (tools) {
        wish.tools = {
            {"look", "", R"({"type":"object","properties":{"at":{"type":"string"}},"required":["at"]})"}};
    }
    wish.must_call = must_call;
    wish.schema = std::move(schema);
    auto made = form_in_words(wish);
    EXPECT_TRUE(made);
    return std::move(*made);
}

struct reply {
    std::string text;
    std::vector<std::string> deltas;
    std::vector<tool_call> calls;
};

/// As it would be written: byte by byte, with time enough to parse after each of them.
reply read(reply_form const& how, std::string const& written, bool whole = true) {
    reply_parser parser(how);
    reply got;
    auto now = clock_type::now();
    for (auto const byte : written) {
        parser.feed({&byte, 1});
        auto const fresh = parser.fresh(now += std::chrono::seconds{1});
        EXPECT_EQ(fresh.reasoning, "");
        if (!fresh.content.empty()) got.deltas.push_back(fresh.content);
        got.text += fresh.content;
    }
    auto outcome = parser.finish(whole);
    got.text += outcome.rest.content;
    got.calls = std::move(outcome.calls);
    return got;
}

constexpr auto call = R"(<tool_call>{"name": "look", "arguments": {"at": "sea"}}</tool_call>)";

TEST(reply_parser, words_come_as_they_are_written) {
    auto const got = read(form(), "Hello, sea");
    EXPECT_EQ(got.text, "Hello, sea");
    EXPECT_EQ(got.deltas.size(), 10U);
    EXPECT_TRUE(got.calls.empty());
}

TEST(reply_parser, what_is_nested_too_deep_is_not_parsed_and_stays_text) {
    auto const how = form(false, R"({"type":"array"})", false);
    std::string const deep(20'000, '[');
    EXPECT_EQ(read(how, deep, false).text, deep);
    EXPECT_EQ(read(how, deep).text, deep);
}

TEST(reply_parser, a_call_is_no_text) {
    auto const got = read(form(), std::string("Well.") + call);
    EXPECT_EQ(got.text, "Well.");
    ASSERT_EQ(got.calls.size(), 1U);
    EXPECT_EQ(got.calls[0].name, "look");
    EXPECT_EQ(got.calls[0].arguments, R"({"at": "sea"})");
    EXPECT_EQ(got.calls[0].id.size(), 9U);
    EXPECT_EQ(read(form(true), call).calls.size(), 1U);
}

TEST(reply_parser, what_begins_like_a_call_is_held_back_until_it_is_none) {
    EXPECT_EQ(read(form(), "a <tool").text, "a <tool");
    EXPECT_EQ(read(form(), "a <tools> b").text, "a <tools> b");
}

TEST(reply_parser, half_a_call_is_none) {
    std::string const written = std::string("Well.") + call;
    for (std::size_t length = 6; length < written.size(); ++length) {
        auto const got = read(form(), written.substr(0, length), false);
        EXPECT_TRUE(got.calls.empty());
        EXPECT_TRUE(got.text.starts_with("Well.")) << got.text;
        EXPECT_EQ(got.text.find("look"), std::string::npos) << got.text;
    }
}

TEST(reply_parser, a_call_that_is_none_is_text) {
    constexpr auto broken = R"(So: <tool_call>{"name": "look", "arguments": {"at")";
    auto const got = read(form(), broken);
    EXPECT_TRUE(got.calls.empty());
    EXPECT_EQ(got.text, broken);
}

TEST(reply_parser, an_answer_of_a_form_comes_in_pieces) {
    constexpr auto answer = R"({"a": "x"})";
    auto const how = form(false, R"({"type":"object"})", false);
    EXPECT_EQ(read(how, answer).text, answer);
    EXPECT_GT(read(how, answer).deltas.size(), 3U);
    auto const either = form(false, R"({"type":"object"})");
    EXPECT_EQ(read(either, answer).text, answer);
    EXPECT_EQ(read(either, call).calls.size(), 1U);
    EXPECT_EQ(read(either, call).text, "");
}

TEST(reply_parser, rests_when_it_has_had_its_share_of_the_time) {
    reply_parser parser(form());
    auto const now = clock_type::now();
    parser.feed("a");
    EXPECT_EQ(parser.fresh(now).content, "a");
    parser.feed("b");
    EXPECT_EQ(parser.fresh(now).content, "");  // no time has gone by
    EXPECT_EQ(parser.fresh(now + std::chrono::hours{1}).content, "b");
    parser.feed("c");
    EXPECT_EQ(parser.finish(true).rest.content, "c");
}

TEST(reply_parser, ends_where_the_template_ends) {
    auto how = form();
    how.stops = {"</assistant>"};
    reply_parser parser(how);
    parser.feed("Hello</assis");
    EXPECT_FALSE(parser.ended());
    parser.feed("tant> and more");
    EXPECT_TRUE(parser.ended());
    EXPECT_EQ(parser.finish(true).rest.content, "Hello");
}

}  // namespace
}  // namespace parley
