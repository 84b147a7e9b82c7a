#include "unit/upstream/answer_fixture.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace parley::upstream {
namespace {

constexpr auto openai = dialect::openai;

std::string chunk(std::string_view delta, std::string_view finish = "null", std::string_view more = "") {
    return fmt::format(R"({{"id":"c","choices":[{{"index":0,"delta":{},"finish_reason":{}}}]{}}})", delta,
                       finish, more);
}

std::string data_event(std::string const& data, std::string_view end = "\n") {
    return fmt::format("data: {}{}{}", data, end, end);
}

std::string stream_of(std::string_view end) {
    return data_event(chunk(R"({"role":"assistant","content":""})"), end) +
           data_event(chunk(R"({"content":"Hel"})"), end) +
           data_event(chunk(R"({"content":"lo, wörld"})"), end) + data_event(chunk("{}", R"("stop")"), end) +
           data_event(R"({"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,)"
                      R"("prompt_tokens_details":{"cached_tokens":3}}})",
                      end) +
           data_event("[DONE]", end);
}

TEST(openai_reader, reads_text_finish_and_usage) {
    auto const got = read(openai, stream_of("\n"));
    read_answer const wanted{.text = "Hello, wörld",
                             .reasoning = {},
                             .finish = finish_reason::stop,
                             .complete = true,
                             .calls = {},
                             .input = 9,
                             .cached = 3,
                             .output = 4,
                             .code = {},
                             .problem = {}};
    EXPECT_EQ(got, wanted) << got.problem;
}

TEST(openai_reader, takes_every_kind_of_line_end) {
    EXPECT_EQ(read(openai, stream_of("\r\n")), read(openai, stream_of("\n")));
    EXPECT_EQ(read(openai, stream_of("\r")), read(openai, stream_of("\n")));
}

TEST(openai_reader, passes_over_comments_byte_order_mark_and_unknown_fields) {
    auto const got = read(openai, "\xef\xbb\xbf: PROCESSING\n\n\n:\nretry: 3\nid: 7\n" + stream_of("\n"));
    EXPECT_EQ(got, read(openai, stream_of("\n")));
}

TEST(openai_reader, joins_data_of_several_lines) {
    auto const got = read(openai,
                          "data: {\"choices\":[{\"index\":0,\ndata: \"delta\":{\"content\":\"Hi\"},\n"
                          "data: \"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n");
    EXPECT_EQ(got.text, "Hi");
    EXPECT_EQ(got.finish, finish_reason::length);
}

TEST(openai_reader, done_may_be_missing_behind_a_finish_reason) {
    auto const body = data_event(chunk(R"({"content":"Hi"})")) + data_event(chunk("{}", R"("stop")"));
    auto const got = read(openai, body);
    EXPECT_EQ(got.code, "");
    EXPECT_TRUE(got.complete);
    EXPECT_EQ(read(openai, body, true), got) << "also when the connection is lost there";
}

TEST(openai_reader, the_last_event_may_lack_its_empty_line) {
    auto const body =
        data_event(chunk(R"({"content":"Hi"})")) + "data: " + chunk(R"({"content":"!"})", R"("stop")");
    auto const got = read(openai, body);
    EXPECT_EQ(got.text, "Hi!");
    EXPECT_EQ(got.code, "");
    EXPECT_EQ(read(openai, body + "\n"), got);
}

TEST(openai_reader, without_finish_and_done_it_broke_off) {
    auto const body = data_event(chunk(R"({"content":"Hi"})"));
    for (bool const cut_off : {false, true}) {
        auto const got = read(openai, body + "data: {\"cho", cut_off);
        EXPECT_EQ(got.code, "upstream_failed");
        EXPECT_EQ(got.text, "Hi") << "what came is kept";
        EXPECT_FALSE(got.complete);
    }
}

TEST(openai_reader, done_without_finish_reason_is_an_end) {
    auto const got = read(openai, data_event(chunk(R"({"content":"Hi"})")) + data_event("[DONE]"));
    EXPECT_EQ(got.code, "");
    EXPECT_TRUE(got.complete);
    EXPECT_EQ(got.finish, std::nullopt);
}

TEST(openai_reader, usage_may_come_in_any_chunk) {
    auto const got = read(
        openai, data_event(chunk(
                    R"({"content":"Hi"})", "null",
                    R"(,"usage":{"prompt_tokens":5,"completion_tokens":1,"prompt_cache_hit_tokens":2})")) +
                    data_event(chunk("{}", R"("stop")", R"(,"usage":null)")) + data_event("[DONE]"));
    EXPECT_EQ(got.input, 5);
    EXPECT_EQ(got.cached, 2);
    EXPECT_EQ(got.output, 1);
    auto const none =
        read(openai, data_event(chunk(R"({"content":"Hi"})", R"("stop")")) + data_event("[DONE]"));
    EXPECT_EQ(none.input, std::nullopt);
    EXPECT_EQ(none.output, std::nullopt);
}

TEST(openai_reader, half_a_character_as_an_escape_costs_no_more_than_itself) {
    auto const got =
        read(openai, data_event(chunk(R"({"content":"a \ud83d"})")) +
                         data_event(chunk(R"({"content":"\ude00 b \ud83d\ude00 \\ud83d"})", R"("stop")")) +
                         data_event("[DONE]"));
    EXPECT_EQ(got.text, "a \xef\xbf\xbd\xef\xbf\xbd b \xf0\x9f\x98\x80 \\ud83d");
    EXPECT_EQ(got.code, "");
}

TEST(openai_reader, thoughts_that_stand_in_the_answer_are_kept_apart_too) {
    auto const got =
        read(openai,
             data_event(chunk(R"({"content":"<thi"})")) + data_event(chunk(R"({"content":"nk>\nHm."})")) +
                 data_event(chunk(R"({"content":"</think>\n\nYes."})", R"("stop")")) + data_event("[DONE]"));
    EXPECT_EQ(got.reasoning, "\nHm.");
    EXPECT_EQ(got.text, "Yes.");
}

TEST(openai_reader, reasoning_is_kept_apart) {
    auto const got =
        read(openai, data_event(chunk(R"({"reasoning_content":"Hm. ","reasoning":"Hm. "})")) +
                         data_event(chunk(R"({"reasoning":"So."})")) +
                         data_event(chunk(R"({"content":"Yes"})", R"("stop")")) + data_event("[DONE]"));
    EXPECT_EQ(got.reasoning, "Hm. So.") << "who sends both names sends the text twice";
    EXPECT_EQ(got.text, "Yes");
}

TEST(openai_reader, content_in_parts) {
    auto const got =
        read(openai, data_event(chunk(R"({"content":[{"type":"thinking","thinking":[{"type":"text",)"
                                      R"("text":"Hm"}]},{"type":"text","text":"Yes"}]})",
                                      R"("stop")")));
    EXPECT_EQ(got.reasoning, "Hm");
    EXPECT_EQ(got.text, "Yes");
}

TEST(openai_reader, a_character_cut_in_two_by_the_server_is_put_together) {
    auto const got = read(openai, data_event(chunk("{\"content\":\"w\xc3\"}")) +
                                      data_event(chunk("{\"content\":\"\xb6rld \xff\"}", R"("stop")")));
    EXPECT_EQ(got.text, "wörld \xef\xbf\xbd");
}

TEST(openai_reader, a_tool_call_in_fragments) {
    auto const got = read(
        openai,
        data_event(chunk(R"({"tool_calls":[{"index":0,"id":"a","type":"function",)"
                         R"("function":{"name":"get_","arguments":""}}]})")) +
            data_event(
                chunk(R"({"tool_calls":[{"index":0,"function":{"name":"weather","arguments":"{\"ci"}}]})")) +
            data_event(
                chunk(R"({"tool_calls":[{"index":1,"id":"b","function":{"name":"now","arguments":"{}"}},)"
                      R"({"index":0,"function":{"name":"get_weather","arguments":"ty\":\"Rom\"}"}}]})")) +
            data_event(chunk("{}", R"("tool_calls")")) + data_event("[DONE]"));
    std::vector<tool_call> const wanted{{"a", "get_weather", R"({"city":"Rom"})"}, {"b", "now", "{}"}};
    EXPECT_EQ(got.calls, wanted);
    EXPECT_EQ(got.finish, finish_reason::tool_calls);
}

TEST(openai_reader, a_call_of_the_old_form) {
    auto const got = read(openai, data_event(chunk(R"({"function_call":{"name":"now","arguments":"{"}})")) +
                                      data_event(chunk(R"({"function_call":{"arguments":"}"}})")) +
                                      data_event(chunk("{}", R"("function_call")")));
    EXPECT_EQ(got.calls, (std::vector<tool_call>{{"call_0", "now", "{}"}}));
    EXPECT_EQ(got.finish, finish_reason::tool_calls);
}

TEST(openai_reader, an_error_in_mid_stream) {
    for (std::string const body :
         {"data: {\"error\":{\"message\":\"GPU on fire\",\"code\":500}}\n\n",
          "event: error\ndata: {\"message\":\"GPU on fire\"}\n\n", "data: {\"error\":\"GPU on fire\"}\n\n",
          "data: {\"object\":\"error\",\"message\":\"GPU on fire\"}\n\n"}) {
        auto const got = read(openai, data_event(chunk(R"({"content":"Hi"})")) + body);
        EXPECT_EQ(got.code, "upstream_failed") << body;
        EXPECT_NE(got.problem.find("GPU on fire"), std::string::npos) << got.problem;
        EXPECT_EQ(got.text, "Hi");
    }
    auto const rate = read(openai, "data: {\"error\":{\"message\":\"slow down\",\"code\":429}}\n\n");
    EXPECT_EQ(rate.code, "upstream_rate_limited");
    auto const length =
        read(openai, "data: {\"error\":{\"message\":\"m\",\"code\":\"context_length_exceeded\"}}\n\n");
    EXPECT_EQ(length.code, "context_length_exceeded");
    EXPECT_EQ(read(openai, data_event(chunk("{}", R"("error")"))).code, "upstream_failed");
}

TEST(openai_reader, an_error_as_the_whole_body) {
    auto const got = read(openai, R"({"error":{"message":"no such model","type":"invalid_request_error"}})");
    EXPECT_EQ(got.code, "upstream_failed");
    EXPECT_NE(got.problem.find("no such model"), std::string::npos);
}

TEST(openai_reader, a_whole_answer_instead_of_a_stream) {
    auto const got =
        read(openai, R"( {"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant",
        "content":"Hello","reasoning_content":"Hm","tool_calls":[
        {"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},
        {"id":"b","type":"function","function":{"name":"g","arguments":{"x":1}}}]},"finish_reason":"tool_calls"}],
        "usage":{"prompt_tokens":2,"completion_tokens":3}} )");
    EXPECT_EQ(got.text, "Hello");
    EXPECT_EQ(got.reasoning, "Hm");
    EXPECT_EQ(got.calls, (std::vector<tool_call>{{"a", "f", "{}"}, {"b", "g", "{\"x\":1}"}}));
    EXPECT_EQ(got.input, 2);
    EXPECT_TRUE(got.complete);
    EXPECT_EQ(got.code, "");
}

TEST(openai_reader, what_is_no_answer) {
    for (std::string const body :
         {"<!doctype html><html>Welcome to nginx</html>", "\n <html>", "{\"hello\":1}", "data: [DONE]\n\n",
          "", "data: nonsense\n\n", "data: 3\n\n", "plain words\n\n", "[1,2]", "\x1f\x8b\x08\x01\x02\x03"}) {
        EXPECT_EQ(read(openai, body).code, "upstream_invalid_answer") << body;
    }
}

TEST(openai_reader, only_the_first_choice_is_read) {
    auto const got =
        read(openai, R"(data: {"choices":[{"index":1,"delta":{"content":"no"}},)"
                     R"({"index":0,"delta":{"content":"yes"},"finish_reason":"content_filter"}]})"
                     "\n\n");
    EXPECT_EQ(got.text, "yes");
    EXPECT_EQ(got.finish, finish_reason::content_filter);
}

TEST(openai_reader, an_event_that_is_too_large) {
    auto const body = "data: {\"x\":\"" + std::string(2'000'000, 'a') + "\"}\n\n";
    EXPECT_EQ(read_in_pieces(openai, body, 8192, false).code, "upstream_invalid_answer");
}

}  // namespace
}  // namespace parley::upstream
