#include "modules/cache/entry_codec.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley {
namespace {

interaction with_everything() {
    return {.interaction_id = interaction_id::make(),
            .user_id = user_id::make(),
            .title = "T\xc3\xaatle",
            .created_at = from_unix_ms(1'790'000'000'001),
            .updated_at = from_unix_ms(1'790'000'000'002),
            .last_message_at = from_unix_ms(-3),
            .settings = {.model_name = "small",
                         .role = prompt_role::developer,
                         .prompt = std::string("a\0b", 3),
                         .temperature = 0.1,
                         .top_p = 0.95,
                         .max_output_tokens = 131'072,
                         .stop = {"", "two\r\n"},
                         .seed = 4'294'967'295,
                         .on_busy = busy_policy::interrupt,
                         .content_template = "<< {{content}} >>",
                         .mask = {masked::phone},
                         .tools = {{"weather", "Of a city.", R"({"type":"object"})"}, {"now", "", ""}},
                         .tool_choice = "weather",
                         .response_format = response_format{"answer", R"({"type":"object"})"}},
            .metadata = {{"a", ""}, {"b", "\xf0\x9f\x98\x80"}},
            .pinned = true,
            .archived = true,
            .expires_at = from_unix_ms(1'890'000'000'000),
            .message_count = 1'234'567'890'123,
            .active_branch = branch_id::make(),
            .version = -7};
}

user whole_user() {
    return {.user_id = user_id::make(),
            .name = "Ada",
            .extra = {{"k", "v"}},
            .created_at = from_unix_ms(5),
            .is_admin = true,
            .limits = {1, 0, std::nullopt, 1'000'000'000'000}};
}

TEST(cache_entries, an_interaction_comes_back_with_all_its_fields) {
    auto const value = with_everything();
    EXPECT_EQ(decode_interaction(encode_entry(value)), value);
    EXPECT_EQ(decode_interaction(encode_entry(interaction{})), interaction{});
}

TEST(cache_entries, a_user_comes_back_with_all_his_fields) {
    auto const value = whole_user();
    EXPECT_EQ(decode_user(encode_entry(value)), value);
    EXPECT_EQ(decode_user(encode_entry(user{})), user{});
}

TEST(cache_entries, an_entry_that_is_cut_short_or_too_long_is_none) {
    auto const bytes = encode_entry(with_everything());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_interaction(bytes.substr(0, size))) << size;
    EXPECT_FALSE(decode_interaction(bytes + "x"));
    EXPECT_FALSE(decode_user(bytes));
    EXPECT_FALSE(decode_interaction(encode_entry(whole_user())));
}

TEST(cache_entries, an_entry_of_another_version_is_none) {
    auto bytes = encode_entry(whole_user());
    ++bytes[0];
    EXPECT_FALSE(decode_user(bytes));
}

TEST(cache_entries, damaged_bytes_do_no_harm) {
    auto const whole = encode_entry(with_everything());
    for (std::size_t at = 2; at < whole.size(); ++at) {
        auto damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ '\xff');
        static_cast<void>(decode_interaction(damaged));
    }
}

}  // namespace
}  // namespace parley
