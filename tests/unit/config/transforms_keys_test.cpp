#include "common/config_print.hpp"
#include "unit/config/config_fixture.hpp"

namespace parley::testing {
namespace {

using transforms_keys = config_test;
using strings = std::vector<std::string>;

TEST_F(transforms_keys, are_read_from_a_file_and_from_variables) {
    auto const from_file = load_file(
        "transforms:\n  mask: [card, email]\n  content_template: |\n    Be brief.\n    {{content}}\n");
    ASSERT_EQ(lines(from_file), strings{});
    EXPECT_EQ(from_file->values.transforms.mask, (strings{"card", "email"}));
    EXPECT_EQ(from_file->values.transforms.content_template, "Be brief.\n{{content}}\n");
    EXPECT_EQ(from_file->origins.at("transforms.mask").source, "test.yaml:2");

    for (auto const* written :
         {"phone, card", "[phone,card]", " [ phone , card ] ", R"(["phone", "card"])"}) {
        request_.environment["PARLEY_TRANSFORMS_MASK"] = written;
        auto const over_it = load();
        ASSERT_EQ(lines(over_it), strings{});
        EXPECT_EQ(over_it->values.transforms.mask, (strings{"phone", "card"})) << written;
        EXPECT_EQ(over_it->origins.at("transforms.mask").source, "PARLEY_TRANSFORMS_MASK");
    }
    for (auto const* written : {"", "[]"}) {
        request_.environment["PARLEY_TRANSFORMS_MASK"] = written;
        EXPECT_EQ(load()->values.transforms.mask, strings{}) << written;
    }
}

TEST_F(transforms_keys, are_refused_with_place_key_and_reason) {
    EXPECT_EQ(
        refusal("transforms:\n  mask: [email, fax]\n"),
        strings{"test.yaml:2: transforms.mask: \"fax\" is not possible; it must be email, phone or card"});
    EXPECT_EQ(
        refusal("transforms: {mask: email}\n"),
        strings{
            "test.yaml:1: transforms.mask: there is a single value where a list of email, phone or card is "
            "expected"});
    EXPECT_EQ(refusal("transforms: {mask: [[email]]}\n"),
              strings{"test.yaml:1: transforms.mask: there is a list in the list where a single value is "
                      "expected"});
    EXPECT_EQ(
        refusal("transforms:\n  content_template: Be brief\n"),
        strings{
            "test.yaml:2: transforms.content_template: must have {{content}} in it, where the user's text "
            "goes"});
    EXPECT_EQ(
        refusal("transforms: {content_template: [x]}\n"),
        strings{
            "test.yaml:1: transforms.content_template: there is a list where one value (text) is expected"});
    EXPECT_EQ(refusal("transforms: {content_template: \"{{content}}" + std::string(32'760, 'x') + "\"}\n"),
              strings{"test.yaml:1: transforms.content_template: is too long: 32771 bytes, at most 32768 are "
                      "possible"});
    EXPECT_EQ(
        refusal("transforms: {mask: [\"email, phone\"]}\n"),
        strings{"test.yaml:1: transforms.mask: \"email, phone\" is not possible; it must be email, phone "
                "or card"});
    request_.environment["PARLEY_TRANSFORMS_MASK"] = "email,";
    EXPECT_EQ(
        refusal(""),
        strings{"PARLEY_TRANSFORMS_MASK: transforms.mask: \"\" is not possible; it must be email, phone or "
                "card"});
}

TEST_F(transforms_keys, are_printed_so_that_they_can_be_read_back) {
    auto const first =
        load_file("transforms: {mask: [email, card], content_template: \"a\\n{{content}}\"}\n");
    ASSERT_EQ(lines(first), strings{});
    auto const text = to_yaml(*first);
    EXPECT_NE(text.find("  mask: [email, card] "), std::string::npos) << text;
    auto const second = load_file(text);
    ASSERT_EQ(lines(second), strings{}) << text;
    EXPECT_EQ(second->values.transforms.mask, first->values.transforms.mask);
    EXPECT_EQ(second->values.transforms.content_template, first->values.transforms.content_template);
    EXPECT_NE(config_table_markdown().find(
                  "| `transforms.mask` | list of email, phone or card | `[]` | `PARLEY_TRANSFORMS_MASK` |"),
              std::string::npos);
}

}  // namespace
}  // namespace parley::testing
