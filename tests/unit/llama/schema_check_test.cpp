#include "adapters/llama/schema_check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

std::string problem_with(std::string const& schema) {
    auto const checked = check_schema(schema, "It");
    if (checked) return {};
    EXPECT_EQ(checked.error().kind, error_kind::invalid);
    EXPECT_EQ(checked.error().code, "invalid_schema");
    return checked.error().message;
}

std::string repeated(std::string const& text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
}

std::string with_properties(int count, std::string const& rest) {
    std::string schema = R"({"type":"object","properties":{)";
    for (int i = 0; i < count; ++i) schema += (i > 0 ? ",\"p" : "\"p") + std::to_string(i) + "\":{}";
    return schema + "}" + rest + "}";
}

TEST(schema_check, lets_ordinary_schemas_pass) {
    for (auto const* schema :
         {"{}", R"({"type":"object","properties":{"a":{"type":["string","null"],"maxLength":2000}}})",
          R"({"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object","properties":
              {"children":{"type":"array","items":{"$ref":"#/$defs/tree"}}}}}})",
          R"({"items":[{"enum":[1]},{"$ref":"#/items/0"}]})",
          R"({"properties":{"$ref":{"type":"string"},"enum":{},"allOf":{},"minLength":{}}})"}) {
        EXPECT_EQ(problem_with(schema), "") << schema;
    }
    EXPECT_EQ(problem_with(with_properties(400, "")), "");
}

TEST(schema_check, says_what_is_wrong) {
    EXPECT_EQ(problem_with("{"), "It is no JSON.");
    EXPECT_EQ(problem_with("[]"), "It is no JSON object.");
    EXPECT_EQ(problem_with(repeated(R"({"a":)", 65) + "1" + repeated("}", 65)), "It is nested too deeply.");
    EXPECT_EQ(problem_with("{\"a\":\"" + std::string(256 * 1024, 'x') + "\"}"),
              "It takes more than 256 KiB.");
    EXPECT_EQ(problem_with("{\"a\":[" + repeated("0,", 20'000) + "0]}"), "It is too large.");
    EXPECT_EQ(problem_with(R"({"minLength":2001})"), "It has a minLength that is not between 0 and 2000.");
    EXPECT_EQ(problem_with(R"({"maxItems":-1})"), "It has a maxItems that is not between 0 and 2000.");
    EXPECT_EQ(problem_with("{\"enum\":[" + repeated("0,", 2'000) + "0]}"),
              "It has more than 2000 values in enum.");
    EXPECT_EQ(problem_with(with_properties(401, "")),
              "It has an object with more than 400 properties that are not required.");
    EXPECT_EQ(problem_with(with_properties(200, R"(,"allOf":[)" + with_properties(201, "") + "]")),
              "It has allOf and more than 400 properties.");
}

TEST(schema_check, follows_references) {
    EXPECT_EQ(problem_with(R"({"$ref":"#/$defs/a"})"), "It has a $ref that leads nowhere: #/$defs/a.");
    EXPECT_EQ(problem_with(R"({"$ref":"other.json"})"),
              "It has a $ref out of the schema, which is not followed: other.json.");
    EXPECT_EQ(
        problem_with(R"({"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}})"),
        "It has a $ref in a circle: #/$defs/a.");
    std::string many = "{\"a\":[";
    for (int i = 0; i < 257; ++i)
        many += (i > 0 ? R"(,{"$ref":"#/b/)" : R"({"$ref":"#/b/)") + std::to_string(i) + "\"}";
    many += "],\"b\":[" + repeated("{},", 256) + "{}]}";
    EXPECT_EQ(problem_with(many), "It has more than 256 different $ref.");
}

/// The converter would look at 2^40 alternatives here, and 8^12 there.
TEST(schema_check, counts_what_grows_exponentially) {
    std::string schema = R"({"$ref":"#/$defs/d0","$defs":{"d40":{})";
    for (int i = 0; i < 40; ++i) {
        auto const next = R"({"$ref":"#/$defs/d)" + std::to_string(i + 1) + "\"}";
        schema += ",\"d" + std::to_string(i) + R"(":{"anyOf":[)" + next + "," + next + "]}";
    }
    EXPECT_EQ(problem_with(schema + "}}"), "It has too many alternatives within alternatives.");
    std::string types = "{}";
    for (int i = 0; i < 12; ++i)
        types = R"({"type":["object",1,2,3,4,5,6,7],"properties":{"a":)" + types + "}}";
    EXPECT_EQ(problem_with(types), "It is too large.");
}

}  // namespace
}  // namespace parley
