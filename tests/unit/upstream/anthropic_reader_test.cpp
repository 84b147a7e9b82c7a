#include "unit/upstream/answer_fixture.hpp"

#include <fmt/format.h>

namespace parley::upstream {
namespace {

constexpr auto anthropic = dialect::anthropic;

std::string typed_event(std::string_view type, std::string_view members) {
    return fmt::format("event: {}\ndata: {{\"type\":\"{}\"{}{}}}\n\n", type, type, members.empty() ? "" : ",",
                       members);
}

std::string const start =
    typed_event("message_start", R"("message":{"id":"m","role":"assistant","content":[],"usage":)"
                                 R"({"input_tokens":5,"cache_read_input_tokens":7,)"
                                 R"("cache_creation_input_tokens":2,"output_tokens":1}})");

std::string ending(std::string_view reason) {
    return typed_event(
               "message_delta",
               fmt::format(R"("delta":{{"stop_reason":"{}"}},"usage":{{"output_tokens":11}})", reason)) +
           typed_event("message_stop", "");
}

std::string delta(int index, std::string_view kind, std::string_view name, std::string_view text) {
    return typed_event("content_block_delta",
                       fmt::format(R"("index":{},"delta":{{"type":"{}","{}":{}}})", index, kind, name, text));
}

TEST(anthropic_reader, reads_text_thoughts_finish_and_usage) {
    auto const got = read(
        anthropic,
        start +
            typed_event("content_block_start",
                        R"("index":0,"content_block":{"type":"thinking","thinking":""})") +
            delta(0, "thinking_delta", "thinking", "\"Hm\"") +
            delta(0, "signature_delta", "signature", "\"xyz\"") +
            typed_event("content_block_stop", R"("index":0)") + typed_event("ping", "") +
            typed_event("content_block_start", R"("index":1,"content_block":{"type":"text","text":""})") +
            delta(1, "text_delta", "text", "\"Hel\"") + delta(1, "text_delta", "text", "\"lo\"") +
            typed_event("content_block_stop", R"("index":1)") + ending("end_turn"));
    read_answer const wanted{.text = "Hello",
                             .reasoning = "Hm",
                             .finish = finish_reason::stop,
                             .complete = true,
                             .calls = {},
                             .input = 14,
                             .cached = 7,
                             .output = 11,
                             .code = {},
                             .problem = {}};
    EXPECT_EQ(got, wanted) << got.problem;
}

TEST(anthropic_reader, tool_calls_in_fragments) {
    auto const got = read(
        anthropic,
        start +
            typed_event(
                "content_block_start",
                R"("index":1,"content_block":{"type":"tool_use","id":"t1","name":"weather","input":{}})") +
            delta(1, "input_json_delta", "partial_json", "\"\"") +
            delta(1, "input_json_delta", "partial_json", R"("{\"city\":")") +
            delta(1, "input_json_delta", "partial_json", R"("\"Rom\"}")") +
            typed_event(
                "content_block_start",
                R"("index":2,"content_block":{"type":"tool_use","id":"t2","name":"now","input":{}})") +
            ending("tool_use"));
    EXPECT_EQ(got.calls,
              (std::vector<tool_call>{{"t1", "weather", R"({"city":"Rom"})"}, {"t2", "now", "{}"}}));
    EXPECT_EQ(got.finish, finish_reason::tool_calls);
}

TEST(anthropic_reader, reasons_to_end) {
    EXPECT_EQ(read(anthropic, start + ending("max_tokens")).finish, finish_reason::length);
    EXPECT_EQ(read(anthropic, start + ending("stop_sequence")).finish, finish_reason::stop);
    EXPECT_EQ(read(anthropic, start + ending("refusal")).finish, finish_reason::content_filter);
}

TEST(anthropic_reader, errors) {
    auto const busy = read(
        anthropic, start + delta(0, "text_delta", "text", "\"Hi\"") +
                       typed_event("error", R"("error":{"type":"overloaded_error","message":"Overloaded"})"));
    EXPECT_EQ(busy.code, "upstream_failed");
    EXPECT_EQ(busy.text, "Hi");
    auto const rate =
        read(anthropic, R"({"type":"error","error":{"type":"rate_limit_error","message":"slow"}})");
    EXPECT_EQ(rate.code, "upstream_rate_limited");
    EXPECT_EQ(read(anthropic, start + delta(0, "text_delta", "text", "\"Hi\"")).code, "upstream_failed");
    EXPECT_EQ(read(anthropic, "<html>").code, "upstream_invalid_answer");
    EXPECT_EQ(read(anthropic, "{\"x\":1}").code, "upstream_invalid_answer");
}

TEST(anthropic_reader, message_stop_may_be_missing) {
    auto const got =
        read(anthropic, start + typed_event("message_delta", R"("delta":{"stop_reason":"end_turn"})"), true);
    EXPECT_EQ(got.code, "");
    EXPECT_TRUE(got.complete);
}

TEST(anthropic_reader, a_whole_message_instead_of_a_stream) {
    auto const got =
        read(anthropic, R"({"type":"message","role":"assistant","content":[{"type":"text","text":"Hi"},
        {"type":"tool_use","id":"t","name":"f","input":{"a":1}}],"stop_reason":"tool_use",
        "usage":{"input_tokens":3,"output_tokens":4}})");
    EXPECT_EQ(got.text, "Hi");
    EXPECT_EQ(got.calls, (std::vector<tool_call>{{"t", "f", "{\"a\":1}"}}));
    EXPECT_EQ(got.output, 4);
    EXPECT_TRUE(got.complete);
}

}  // namespace
}  // namespace parley::upstream
