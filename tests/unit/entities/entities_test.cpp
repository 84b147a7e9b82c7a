#include "entities/interaction.hpp"
#include "entities/limits.hpp"
#include "entities/message.hpp"
#include "entities/user.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace parley {
namespace {

template <class T>
std::string refusal(result<T> const& outcome) {
    return outcome ? std::string{"accepted"} : outcome.error().code + "@" + outcome.error().param;
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

TEST(settings, accepts_the_ends_of_every_range) {
    settings draft;
    draft.model_name = "m";
    draft.prompt = repeated("é", limits::prompt);
    draft.temperature = 2;
    draft.top_p = 1;
    draft.max_output_tokens = limits::max_output_tokens;
    draft.stop.assign(limits::stop_strings, std::string(limits::stop_string, 'x'));
    draft.seed = 4'294'967'295;
    EXPECT_EQ(refusal(make_settings(draft)), "accepted");
    draft.temperature = 0;
    draft.max_output_tokens = 1;
    draft.seed = 0;
    EXPECT_EQ(refusal(make_settings(draft)), "accepted");
}

TEST(settings, refuses_what_lies_beyond) {
    auto const with = [](auto change) {
        settings draft;
        change(draft);
        return refusal(make_settings(draft));
    };
    EXPECT_EQ(with([](auto& s) { s.model_name = ""; }), "invalid_settings@settings.model_name");
    EXPECT_EQ(with([](auto& s) { s.prompt = repeated("é", limits::prompt + 1); }),
              "invalid_settings@settings.prompt");
    EXPECT_EQ(with([](auto& s) { s.prompt = "\xff"; }), "invalid_settings@settings.prompt");
    EXPECT_EQ(with([](auto& s) { s.temperature = -0.01; }), "invalid_settings@settings.temperature");
    EXPECT_EQ(with([](auto& s) { s.temperature = std::nan(""); }), "invalid_settings@settings.temperature");
    EXPECT_EQ(with([](auto& s) { s.top_p = 0; }), "invalid_settings@settings.top_p");
    EXPECT_EQ(with([](auto& s) { s.top_p = std::numeric_limits<double>::infinity(); }),
              "invalid_settings@settings.top_p");
    EXPECT_EQ(with([](auto& s) { s.max_output_tokens = 0; }), "invalid_settings@settings.max_output_tokens");
    EXPECT_EQ(with([](auto& s) { s.stop.assign(9, "x"); }), "invalid_settings@settings.stop");
    EXPECT_EQ(with([](auto& s) { s.stop = {""}; }), "invalid_settings@settings.stop");
    EXPECT_EQ(with([](auto& s) { s.seed = -1; }), "invalid_settings@settings.seed");
    EXPECT_EQ(with([](auto& s) { s.seed = 4'294'967'296; }), "invalid_settings@settings.seed");
}

TEST(settings, a_patch_sets_resets_and_leaves) {
    settings before;
    before.temperature = 0.5;
    before.prompt = "Be brief.";
    before.seed = 7;
    settings_patch patch;
    patch.temperature = std::optional{1.5};
    patch.prompt = std::optional<std::string>{};
    auto const after = apply(patch, before);
    EXPECT_EQ(after.temperature, 1.5);
    EXPECT_EQ(after.prompt, std::nullopt);
    EXPECT_EQ(after.seed, 7);
}

TEST(interaction, is_made_with_ids_and_times_of_its_own) {
    auto const now = from_unix_ms(1'000);
    auto const owner = user_id::make();
    auto const made = make_interaction(owner, {.title = "Plans"}, now);
    ASSERT_TRUE(made);
    EXPECT_EQ(made->user_id, owner);
    EXPECT_FALSE(made->interaction_id.is_nil());
    EXPECT_FALSE(made->active_branch.is_nil());
    EXPECT_EQ(made->created_at, now);
    EXPECT_EQ(made->last_message_at, now);
    EXPECT_EQ(made->version, 1);
    EXPECT_EQ(made->message_count, 0);
}

TEST(interaction, refuses_long_titles_and_bad_metadata) {
    auto const make = [](interaction_draft draft) {
        return refusal(make_interaction(user_id::make(), std::move(draft), {}));
    };
    EXPECT_EQ(make({.title = std::string(limits::title + 1, 'x')}), "invalid_title@title");
    EXPECT_EQ(make({.metadata = {{"", "x"}}}), "invalid_metadata@metadata");
    EXPECT_EQ(make({.metadata = {{"k", std::string(limits::metadata_value + 1, 'x')}}}),
              "invalid_metadata@metadata.k");
    attributes many;
    for (std::size_t i = 0; i <= limits::metadata_keys; ++i) many[std::to_string(i)] = "x";
    EXPECT_EQ(make({.metadata = many}), "invalid_metadata@metadata");
}

TEST(interaction, a_patch_raises_the_version_and_never_turns_time_back) {
    auto const made = make_interaction(user_id::make(), {}, from_unix_ms(5'000));
    interaction_patch patch;
    patch.pinned = true;
    auto const after = apply(patch, *made, from_unix_ms(4'000));
    EXPECT_TRUE(after.pinned);
    EXPECT_EQ(after.version, 2);
    EXPECT_EQ(after.updated_at, from_unix_ms(5'000));
}

TEST(message, content_is_text_or_parts) {
    EXPECT_EQ(refusal(make_content("hello")), "accepted");
    EXPECT_EQ(refusal(make_content(content_parts{text_part{"a"}, text_part{"b"}})), "accepted");
    EXPECT_EQ(plain_text(content_parts{text_part{"a"}, text_part{"b"}}), "ab");
    EXPECT_EQ(refusal(make_content("")), "invalid_content@content");
    EXPECT_EQ(refusal(make_content("\xc3")), "invalid_content@content");
    EXPECT_EQ(refusal(make_content(content_parts{})), "invalid_content@content");
    EXPECT_EQ(refusal(make_content(content_parts{text_part{""}})), "invalid_content@content");
    EXPECT_EQ(refusal(make_content(content_parts(limits::content_parts + 1, text_part{"x"}))),
              "invalid_content@content");
    EXPECT_EQ(refusal(make_content(std::string(limits::content + 1, 'x'))), "invalid_content@content");
}

TEST(message, words_round_trip) {
    for (auto const status : {message_status::complete, message_status::queued, message_status::in_progress,
                              message_status::stopped, message_status::interrupted, message_status::failed}) {
        EXPECT_EQ(parse_message_status(to_text(status)), status);
    }
    for (auto const role :
         {message_role::system, message_role::user, message_role::assistant, message_role::tool}) {
        EXPECT_EQ(parse_message_role(to_text(role)), role);
    }
    EXPECT_FALSE(parse_message_role("robot"));
    EXPECT_EQ(parse_finish_reason("length"), finish_reason::length);
}

TEST(user, a_patch_is_checked) {
    EXPECT_EQ(refusal(make_user_patch({.name = std::string(limits::user_name + 1, 'x')})),
              "invalid_name@name");
    EXPECT_EQ(refusal(make_user_patch({.extra = attributes{{"", "x"}}})), "invalid_metadata@extra");
    EXPECT_EQ(refusal(make_user_patch({.name = "Ada", .extra = attributes{{"theme", "dark"}}})), "accepted");
}

}  // namespace
}  // namespace parley
