#include "llama_fixture.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace parley {
namespace {

namespace json = boost::json;

/// Replies that must follow a schema: a model of 135 million parameters does it only because it can not do
/// otherwise.
class llama_form : public testing::llama_fixture {
protected:
    void SetUp() override {
        llama_fixture::SetUp();
        if (!shared) {
            shared = std::make_shared<testing::llama_world>();
            ASSERT_EQ(shared->load(settings()), model_state::ready);
        }
        world = shared;
    }
    static void TearDownTestSuite() { shared.reset(); }

    static generation_request formed(std::string content, std::string schema, std::int64_t seed = 1) {
        auto request = saying(std::move(content));
        request.response_format = response_format{"answer", std::move(schema)};
        request.temperature = 1.0;
        request.seed = seed;
        request.max_output_tokens = 400;
        return request;
    }

    /// What cannot be parsed fails the test and gives null.
    static json::value parsed(std::string const& text) {
        boost::system::error_code failed;
        auto value = json::parse(text, failed);
        EXPECT_FALSE(failed) << text;
        return failed ? json::value{} : value;
    }

    std::string code_of(std::string schema) {
        auto const read = reply_to(formed("Tell me about the sea.", std::move(schema)));
        EXPECT_TRUE(read.end.failure);
        if (!read.end.failure) return {};
        EXPECT_EQ(read.end.failure->kind, error_kind::invalid);
        EXPECT_EQ(read.text, "");
        return read.end.failure->code;
    }

    static inline std::shared_ptr<testing::llama_world> shared;
};

constexpr auto person = R"({"type":"object","properties":{"name":{"type":"string","maxLength":20},
    "age":{"type":"integer","minimum":0,"maximum":120},"sex":{"enum":["male","female"]}},
    "required":["name","age","sex"],"additionalProperties":false})";

TEST_F(llama_form, says_what_it_can) {
    auto const can = world->model->info().abilities;
    EXPECT_TRUE(can.structured_output);
    EXPECT_TRUE(can.tools);
    EXPECT_FALSE(can.images);
}

TEST_F(llama_form, an_object_with_a_schema) {
    for (std::int64_t seed = 1; seed <= 4; ++seed) {
        auto const read = reply_to(formed("Invent a person.", person, seed));
        ASSERT_FALSE(read.end.failure);
        EXPECT_EQ(read.end.finish_reason, finish_reason::stop);
        auto const value = parsed(read.text);
        ASSERT_TRUE(value.is_object()) << read.text;
        auto const& object = value.get_object();
        EXPECT_EQ(object.size(), 3U);
        EXPECT_LE(object.at("name").as_string().size(), 80U);
        EXPECT_TRUE(object.at("age").as_int64() >= 0 && object.at("age").as_int64() <= 120);
        EXPECT_TRUE(object.at("sex") == "male" || object.at("sex") == "female");
    }
}

TEST_F(llama_form, lists_references_and_alternatives) {
    constexpr auto schema =
        R"({"type":"object","properties":{"points":{"type":"array","minItems":2,"maxItems":3,
        "items":{"$ref":"#/$defs/point"}},"note":{"anyOf":[{"type":"null"},{"type":"boolean"}]}},
        "required":["points","note"],"$defs":{"point":{"type":"object","properties":
        {"x":{"type":"integer","minimum":0,"maximum":9},"y":{"type":"integer","minimum":0,"maximum":9}},
        "required":["x","y"]}}})";
    for (std::int64_t seed = 1; seed <= 3; ++seed) {
        auto const read = reply_to(formed("Invent some points.", schema, seed));
        ASSERT_EQ(read.end.finish_reason, finish_reason::stop);
        auto const value = parsed(read.text);
        ASSERT_TRUE(value.is_object()) << read.text;
        auto const& points = value.at("points").as_array();
        EXPECT_TRUE(points.size() == 2 || points.size() == 3);
        for (auto const& point : points) EXPECT_TRUE(point.at("x").is_int64() && point.at("y").is_int64());
        EXPECT_TRUE(value.at("note").is_null() || value.at("note").is_bool());
    }
}

TEST_F(llama_form, what_is_no_object) {
    auto const read = reply_to(formed("Yes or no?", R"({"enum":["yes","no"]})"));
    EXPECT_TRUE(read.text == "\"yes\"" || read.text == "\"no\"") << read.text;
}

TEST_F(llama_form, any_json_object) {
    auto request = formed("Describe the sea as JSON.", "");
    request.response_format = response_format{};
    request.temperature = 0;
    request.max_output_tokens = 300;
    auto const read = reply_to(std::move(request));
    ASSERT_FALSE(read.end.failure);
    EXPECT_TRUE(read.text.starts_with("{")) << read.text;
    if (read.end.finish_reason == finish_reason::stop) {
        EXPECT_TRUE(parsed(read.text).is_object());
    }
}

TEST_F(llama_form, comes_in_pieces_that_make_the_whole) {
    auto const read = reply_to(formed("Invent a person.", person));
    EXPECT_GT(read.deltas.size(), 3U);
    EXPECT_EQ(read.reasoning, "");
    EXPECT_TRUE(parsed(read.text).is_object());
}

TEST_F(llama_form, repeats_itself_with_the_same_seed) {
    auto const text = reply_to(formed("Invent a person.", person, 7)).text;
    EXPECT_EQ(text, reply_to(formed("Invent a person.", person, 7)).text);
}

TEST_F(llama_form, the_prompt_is_the_same_as_without) {
    reply_to(formed("Invent a person.", person));
    auto const with = world->last_prompt();
    reply_to(saying("Invent a person."));
    EXPECT_EQ(with.tokens, world->last_prompt().tokens);
}

TEST_F(llama_form, the_token_limit_cuts_it) {
    auto request = formed("Invent a person.", person);
    request.max_output_tokens = 4;
    auto const read = reply_to(std::move(request));
    EXPECT_EQ(read.end.finish_reason, finish_reason::length);
    EXPECT_EQ(read.end.usage.output_tokens, 4);
    EXPECT_TRUE(read.text.empty() || read.text.starts_with("{")) << read.text;
}

TEST_F(llama_form, a_stop_string_ends_it) {
    auto request = formed("Invent a person.", person);
    request.stop = {"\"age\""};
    auto const read = reply_to(std::move(request));
    EXPECT_EQ(read.end.finish_reason, finish_reason::stop);
    EXPECT_NE(read.text.find("\"name\""), std::string::npos) << read.text;
    EXPECT_EQ(read.text.find("\"age\""), std::string::npos) << read.text;
}

TEST_F(llama_form, can_be_stopped) {
    auto const begun = started(
        formed("Tell a story.", R"({"type":"object","properties":{"story":{"type":"string","minLength":1500}},
                            "required":["story"]})"));
    ASSERT_TRUE(
        std::holds_alternative<generation_delta>(testing::run(loop, begun->next(std::chrono::minutes{1}))));
    begun->stop();
    auto const read = testing::run(loop, testing::read_to_end(*begun));
    EXPECT_TRUE(read.end.stopped);
    EXPECT_FALSE(read.end.failure);
    EXPECT_TRUE(world->counts.wait_for(0, 0));
}

TEST_F(llama_form, chats_with_and_without_run_beside_each_other) {
    auto const alone = reply_to(saying("Tell me about the sea."));
    std::vector<std::unique_ptr<generation>> all;
    for (std::int64_t seed = 1; seed <= 2; ++seed) {
        all.push_back(started(formed("Invent a person.", person, seed)));
        all.push_back(started(saying("Tell me about the sea.")));
    }
    auto const readings = read_all(all);
    for (std::size_t i = 0; i < readings.size(); ++i) {
        ASSERT_FALSE(readings[i].end.failure);
        if (i % 2 == 0) {
            EXPECT_TRUE(parsed(readings[i].text).is_object());
        } else {
            EXPECT_EQ(readings[i].text.substr(0, 10), alone.text.substr(0, 10));
            EXPECT_EQ(readings[i].end.usage.output_tokens, 24);
        }
    }
}

TEST_F(llama_form, a_hostile_schema_fails_while_another_chat_goes_on) {
    auto request = saying("Tell me about the sea.");
    request.max_output_tokens = 300;
    auto const other = started(std::move(request));
    std::string deep;
    for (int i = 0; i < 20'000; ++i) deep += R"({"properties":{"a":)";
    std::string large = R"({"type":"object","properties":{)";
    for (int i = 0; i < 5'000; ++i) large += (i ? ",\"p" : "\"p") + std::to_string(i) + "\":{}";
    std::string chain = R"({"$ref":"#/$defs/d0","$defs":{)";
    for (int i = 0; i < 3'000; ++i) {
        chain += "\"d" + std::to_string(i) + R"(":{"properties":{"x":{"$ref":"#/$defs/d)" +
                 std::to_string(i + 1) + "\"}}},";
    }
    std::string types = R"({"type":"string"})";
    for (int i = 0; i < 20; ++i) {
        types = R"({"type":["object","array","object","array"],"properties":{"a":)" + types + "}}";
    }
    for (std::string const& schema : {
             std::string("{"),
             std::string("[]"),
             std::string("7"),
             std::string(R"({"type":"wonder"})"),
             deep,
             large + "}}",
             chain + R"("d3000":{}}})",
             types,
             std::string(R"({"$ref":"#/$defs/none"})"),
             std::string(R"({"$ref":"https://example.com/schema"})"),
             std::string(R"({"$ref":"#"})"),
             std::string(
                 R"({"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}})"),
             std::string(R"({"allOf":[{"$ref":"#/$defs/a"}],"$defs":{"a":{"$ref":"#/$defs/a"}}})"),
             std::string(
                 R"({"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"null"}]}}})"),
             std::string(R"({"type":"string","maxLength":1000000})"),
             std::string(R"({"type":"string","pattern":"^(($"})"),
             std::string(R"({"enum":[]})"),
         }) {
        EXPECT_EQ(code_of(schema), "invalid_schema") << schema.substr(0, 100);
    }
    auto const read = testing::run(loop, testing::read_to_end(*other));
    EXPECT_FALSE(read.end.failure);
    EXPECT_FALSE(read.text.empty());
    EXPECT_TRUE(parsed(reply_to(formed("Invent a person.", person)).text).is_object());
}

TEST_F(llama_form, a_schema_that_recurses_can_be_followed) {
    auto const read =
        reply_to(formed("Invent a tree.", R"({"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object",
        "properties":{"name":{"type":"string","maxLength":8},
        "children":{"type":"array","maxItems":1,"items":{"$ref":"#/$defs/tree"}}},"required":["name","children"]}}})"));
    ASSERT_FALSE(read.end.failure) << read.end.failure->message;
    EXPECT_TRUE(read.text.starts_with("{"));
    if (read.end.finish_reason == finish_reason::stop) {
        EXPECT_TRUE(parsed(read.text).is_object()) << read.text;
    }
}

TEST_F(llama_form, any_template_will_do) {
    auto config = settings();
    config.chat_template = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<reply>";
    auto const own = std::make_shared<testing::llama_world>();
    ASSERT_EQ(own->load(config), model_state::ready);
    world = own;
    auto const read = reply_to(formed("Invent a person.", person));
    ASSERT_FALSE(read.end.failure) << read.end.failure->message;
    EXPECT_TRUE(parsed(read.text).is_object()) << read.text;
}

TEST_F(llama_form, a_price_gives_the_usage_a_cost) {
    llama_options options;
    options.price = token_price{.input = 3, .cached_input = 1, .output = 10};
    auto const own = std::make_shared<testing::llama_world>();
    ASSERT_EQ(own->load(settings(), options), model_state::ready);
    world = own;
    EXPECT_EQ(world->model->info().price, options.price);
    auto const request = saying("Tell me about the sea.");
    auto const read = reply_to(request);
    EXPECT_EQ(read.end.usage.cost, read.end.usage.input_tokens * 3 + 24 * 10);
    auto const again = reply_to(request);
    EXPECT_GT(again.end.usage.cached_tokens, 0);
    EXPECT_EQ(again.end.usage.cost, cost_of(again.end.usage, *options.price));
    EXPECT_FALSE(shared->model->info().price);
}

}  // namespace
}  // namespace parley
