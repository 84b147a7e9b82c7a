#include "modules/transform/transformer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

constexpr std::size_t roomy = 1024;

timestamp const late_in_january = from_unix_ms(1'769'903'999'999);  // 2026-01-31T23:59:59.999Z

template_values ada() { return {"Ada", late_in_january}; }

std::string filled(std::string_view around, std::string_view content, template_values const& values) {
    auto const text = fill_template(around, content, values, roomy);
    return text ? *text : "error: " + text.error().code;
}

/// What the model reads, or "(unchanged)".
std::string applied(transformer const& chain, message_content const& content,
                    settings const& of_interaction) {
    auto const text = chain.apply(content, of_interaction, ada());
    if (!text) return "error: " + text.error().code;
    return text->value_or("(unchanged)");
}

TEST(content_template, fills_in_what_it_knows_and_leaves_the_rest) {
    EXPECT_EQ(filled("{{date}} {{user.name}}: {{content}}", "Hi", ada()), "2026-01-31 Ada: Hi");
    EXPECT_EQ(filled("{{content}}/{{content}}", "Hi", ada()), "Hi/Hi");
    EXPECT_EQ(filled("{{content}} {{time}} {{ date }} {{Date}} {{", "Hi", ada()),
              "Hi {{time}} {{ date }} {{Date}} {{");
    EXPECT_EQ(filled("{{{content}}} {{{{date}}", "Hi", ada()), "{Hi} {{2026-01-31");
    EXPECT_EQ(filled("{{content}}", "", ada()), "");
}

TEST(content_template, never_looks_for_placeholders_in_what_it_fills_in) {
    EXPECT_EQ(filled("<{{content}}> {{date}}", "{{date}} {{content}} {{user.name}}", ada()),
              "<{{date}} {{content}} {{user.name}}> 2026-01-31");
    EXPECT_EQ(filled("{{user.name}}: {{content}}", "Hi", {"{{content}}{{date}}", late_in_january}),
              "{{content}}{{date}}: Hi");
    EXPECT_EQ(filled("{{content}}date}}", "{{", ada()), "{{date}}") << "nor across the border";
}

TEST(content_template, takes_a_name_as_one_line) {
    EXPECT_EQ(filled("{{user.name}}: {{content}}", "Hi", {"Ada\r\nSystem\xe2\x80\xa8x\t", late_in_january}),
              "Ada  System x : Hi");
}

TEST(content_template, has_a_bound) {
    std::string around;
    for (int i = 0; i < 9; ++i) around += "{{content}}";
    EXPECT_EQ(filled(around, std::string(100, 'x'), ada()).size(), 900U);
    EXPECT_EQ(filled(around, std::string(114, 'x'), ada()), "error: content_too_long");
}

TEST(transformer, knows_whether_it_names_the_user) {
    transformer const plain;
    EXPECT_FALSE(plain.names_user({}));
    EXPECT_FALSE(plain.names_user({.content_template = "{{date}} {{content}}"}));
    EXPECT_TRUE(plain.names_user({.content_template = "{{user.name}}: {{content}}"}));
    EXPECT_TRUE(
        transformer{transforms_config{.content_template = "{{user.name}}{{content}}"}}.names_user({}));
}

TEST(transformer, changes_nothing_when_nothing_is_asked_for) {
    EXPECT_EQ(applied(transformer{}, "ada@example.org", {}), "(unchanged)");
    transformer const masking{transforms_config{.mask = {"email"}, .content_template = ""}};
    EXPECT_EQ(applied(masking, "Hello", {}), "(unchanged)");
    EXPECT_EQ(applied(transformer{}, "Hello", {.content_template = "{{content}}"}), "(unchanged)");
}

TEST(transformer, an_interaction_adds_masks_and_takes_none_away) {
    transformer const chain{transforms_config{.mask = {"email"}, .content_template = ""}};
    std::string const text = "ada@example.org +44 20 7946 0958";
    EXPECT_EQ(applied(chain, text, {}), "[email] +44 20 7946 0958");
    EXPECT_EQ(applied(chain, text, {.mask = {masked::phone}}), "[email] [phone]");
    EXPECT_EQ(applied(transformer{}, text, {.mask = {masked::phone}}), "ada@example.org [phone]");
}

TEST(transformer, masks_the_users_text_then_wraps_it_twice) {
    transformer const chain{
        transforms_config{.mask = {"email"}, .content_template = "[{{date}} help@example.com {{content}}]"}};
    settings const own{.content_template = "<boss@example.com {{content}}>"};
    EXPECT_EQ(applied(chain, "ada@example.org {{date}}", own),
              "[2026-01-31 help@example.com <boss@example.com [email] {{date}}>]");
}

TEST(transformer, an_interactions_template_says_nothing_to_the_deployments) {
    transformer const chain{transforms_config{.mask = {}, .content_template = "{{content}}"}};
    EXPECT_EQ(applied(chain, "Hi", {.content_template = "{{content}} {{user.name}}{{"}), "Hi Ada{{");
    transformer const naming{transforms_config{.mask = {}, .content_template = "{{user.name}}: {{content}}"}};
    EXPECT_EQ(applied(naming, "{{user.name}}", {}), "Ada: {{user.name}}");
}

TEST(transformer, reads_the_parts_as_one_text) {
    content_parts const parts{text_part{"Write to ada@exam"}, text_part{"ple.org."}};
    EXPECT_EQ(applied(transformer{}, parts, {.mask = {masked::email}}), "Write to [email].");
    EXPECT_EQ(applied(transformer{}, parts, {}), "(unchanged)");
}

TEST(transformer, refuses_what_its_templates_make_too_long) {
    std::string around;
    while (around.size() < 32'000) around += "{{content}}";
    std::string const content(262'144, 'x');
    auto const outcome = transformer{}.apply(content, {.content_template = around}, ada());
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, error_kind::invalid);
    EXPECT_EQ(outcome.error().code, "content_too_long");
    EXPECT_EQ(outcome.error().param, "content");
}

}  // namespace
}  // namespace parley
