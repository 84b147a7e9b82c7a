#include "adapters/upstream/request_body.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace parley::upstream {
namespace {

namespace json = boost::json;

generation_request plain() {
    generation_request out;
    out.prompt = {{.role = "system", .content = "Be brief."}, {.role = "user", .content = "Hi"}};
    return out;
}

generation_request everything() {
    auto out = plain();
    out.prompt[1].parts = {text_part{"Hi"}, image_part{"data:image/png;base64,AAAA"}};
    out.prompt.push_back(
        {.role = "assistant", .content = "", .tool_calls = {{"a", "now", "{\"z\":1}"}, {"b", "f", "no"}}});
    out.prompt.push_back({.role = "tool", .content = "noon", .tool_call_id = "a"});
    out.prompt.push_back({.role = "tool", .content = "1", .tool_call_id = "b"});
    out.prompt.push_back({.role = "user", .content = "So?"});
    out.temperature = 1.5;
    out.top_p = 0.5;
    out.max_output_tokens = 7;
    out.stop = {"END"};
    out.seed = 3;
    out.tools = {{"now", "The time", R"({"type":"object","properties":{"z":{"type":"integer"}}})"},
                 {"f", "", ""}};
    out.tool_choice = "now";
    return out;
}

json::value openai_body(generation_request const& asked, upstream_config const& how = {}) {
    return json::parse(write_openai_request(asked, "gpt", how));
}

json::value anthropic_body(generation_request const& asked, upstream_config const& how = {}) {
    return json::parse(write_anthropic_request(asked, "claude", how, 99));
}

TEST(anthropic_request, white_space_is_no_stop_that_it_takes) {
    auto asked = plain();
    asked.stop = {"\n", "END", "  "};
    EXPECT_EQ(anthropic_body(asked).at("stop_sequences"), (json::array{"END"}));
    asked.stop = {"\n"};
    EXPECT_FALSE(anthropic_body(asked).as_object().contains("stop_sequences"));
}

TEST(openai_request, sends_only_what_is_set) {
    EXPECT_EQ(openai_body(plain()),
              json::parse(R"({"model":"gpt","stream":true,"stream_options":{"include_usage":true},
        "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]})"));
}

TEST(openai_request, everything_that_can_be_set) {
    EXPECT_EQ(openai_body(everything()), json::parse(R"({"model":"gpt","stream":true,
        "stream_options":{"include_usage":true},"temperature":1.5,"top_p":0.5,"max_tokens":7,"stop":["END"],"seed":3,
        "messages":[{"role":"system","content":"Be brief."},
          {"role":"user","content":[{"type":"text","text":"Hi"},
             {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
          {"role":"assistant","content":null,"tool_calls":[
             {"id":"a","type":"function","function":{"name":"now","arguments":"{\"z\":1}"}},
             {"id":"b","type":"function","function":{"name":"f","arguments":"no"}}]},
          {"role":"tool","content":"noon","tool_call_id":"a"},{"role":"tool","content":"1","tool_call_id":"b"},
          {"role":"user","content":"So?"}],
        "tools":[{"type":"function","function":{"name":"now","description":"The time",
             "parameters":{"type":"object","properties":{"z":{"type":"integer"}}}}},
           {"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{}}}}],
        "tool_choice":{"type":"function","function":{"name":"now"}}})"));
}

TEST(openai_request, names_are_mapped_by_configuration) {
    auto asked = everything();
    asked.tool_choice = "required";
    asked.response_format = response_format{"answer", R"({"type":"object"})"};
    upstream_config how;
    how.max_tokens_parameter = "max_completion_tokens";
    how.system_role = "developer";
    how.leave_out = {"seed", "top_p"};
    how.stream_usage = false;
    auto const got = openai_body(asked, how).as_object();
    EXPECT_EQ(got.at("max_completion_tokens"), 7);
    EXPECT_EQ(got.at("messages").at(0).at("role"), "developer");
    EXPECT_EQ(got.at("tool_choice"), "required");
    EXPECT_EQ(got.at("response_format"),
              json::parse(R"({"type":"json_schema","json_schema":{"name":"answer","strict":false,
                  "schema":{"type":"object"}}})"));
    asked.response_format = response_format{"answer", R"({"type":"object","additionalProperties":false})"};
    EXPECT_EQ(openai_body(asked, how).at("response_format").at("json_schema").at("strict"), true);
    for (auto const* absent : {"max_tokens", "seed", "top_p", "stream_options"})
        EXPECT_FALSE(got.contains(absent)) << absent;
    asked.response_format = response_format{};
    EXPECT_EQ(openai_body(asked, how).at("response_format"), json::parse(R"({"type":"json_object"})"));
}

TEST(anthropic_request, system_on_top_and_a_number_of_tokens) {
    EXPECT_EQ(anthropic_body(plain()),
              json::parse(R"({"model":"claude","stream":true,"max_tokens":99,"system":"Be brief.",
        "messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]})"));
}

TEST(anthropic_request, everything_that_can_be_set) {
    EXPECT_EQ(anthropic_body(everything()),
              json::parse(R"({"model":"claude","stream":true,"system":"Be brief.",
        "temperature":1.0,"top_p":0.5,"max_tokens":7,"stop_sequences":["END"],
        "messages":[
          {"role":"user","content":[{"type":"text","text":"Hi"},
             {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
          {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"now","input":{"z":1}},
             {"type":"tool_use","id":"b","name":"f","input":{}}]},
          {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"noon"},
             {"type":"tool_result","tool_use_id":"b","content":"1"},{"type":"text","text":"So?"}]}],
        "tools":[{"name":"now","description":"The time",
             "input_schema":{"type":"object","properties":{"z":{"type":"integer"}}}},
           {"name":"f","input_schema":{"type":"object","properties":{}}}],
        "tool_choice":{"type":"tool","name":"now"}})"));
}

TEST(anthropic_request, tool_choices) {
    auto asked = everything();
    asked.tool_choice = "required";
    EXPECT_EQ(anthropic_body(asked).at("tool_choice"), json::parse(R"({"type":"any"})"));
    asked.tool_choice = "none";
    EXPECT_EQ(anthropic_body(asked).at("tool_choice"), json::parse(R"({"type":"none"})"));
}

}  // namespace
}  // namespace parley::upstream
