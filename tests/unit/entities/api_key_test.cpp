#include "entities/api_key.hpp"

#include "common/base64url.hpp"
#include "entities/limits.hpp"

#include <gtest/gtest.h>

#include <set>

namespace parley {
namespace {

using namespace std::chrono_literals;
using words = std::vector<std::string>;

constexpr timestamp now{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};

std::string code(result<api_key_draft> const& made) {
    return made ? "ok" : made.error().code + " " + made.error().param;
}

TEST(scopes, are_words) {
    EXPECT_EQ(to_words({.read = true, .write = true, .admin = true}), (words{"read", "write", "admin"}));
    EXPECT_EQ(to_words({}), words{});
    for (words const& some : {words{"read"}, words{"write"}, words{"admin"}, words{"read", "admin"}})
        EXPECT_EQ(to_words(scopes_of(some).value()), some);
    EXPECT_EQ(to_words(scopes_of({"admin", "read", "read"}).value()), (words{"read", "admin"}));
    for (words const& bad : {words{}, words{""}, words{"Read"}, words{"read", "all"}, words{"read write"}}) {
        auto const made = scopes_of(bad);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, "invalid_scopes");
        EXPECT_EQ(made.error().param, "scopes");
    }
}

TEST(scopes, contain_only_themselves) {
    scopes const read{.read = true};
    scopes const write{.write = true};
    scopes const admin{.admin = true};
    scopes const both{.read = true, .write = true};
    EXPECT_TRUE(both.contain(read));
    EXPECT_TRUE(both.contain(both));
    EXPECT_FALSE(read.contain(both));
    EXPECT_FALSE(admin.contain(read)) << "who administers opens no conversation";
    EXPECT_FALSE(admin.contain(write));
    EXPECT_FALSE(both.contain(admin));
    EXPECT_TRUE(read.contain({}));
    EXPECT_FALSE(scopes{}.any());
}

TEST(api_key_drafts, are_checked) {
    EXPECT_EQ(code(make_api_key_draft({.name = "laptop"}, now)), "ok");
    EXPECT_EQ(code(make_api_key_draft({.name = std::string(limits::key_name, 'x')}, now)), "ok");
    EXPECT_EQ(code(make_api_key_draft({.name = std::string(limits::key_name + 1, 'x')}, now)),
              "invalid_name name");
    EXPECT_EQ(code(make_api_key_draft({.name = "\xff"}, now)), "invalid_name name");
    EXPECT_EQ(code(make_api_key_draft({.scopes = {}}, now)), "invalid_scopes scopes");
    EXPECT_EQ(code(make_api_key_draft({.expires_at = now + 1ms}, now)), "ok");
    EXPECT_EQ(code(make_api_key_draft({.expires_at = now}, now)), "invalid_expires_at expires_at");
    EXPECT_EQ(code(make_api_key_draft({.limits = {.tokens_per_day = -1}}, now)),
              "invalid_limits limits.tokens_per_day");
}

TEST(api_keys, expire_at_their_time) {
    api_key key;
    EXPECT_FALSE(key.is_expired(latest_timestamp));
    key.expires_at = now;
    EXPECT_FALSE(key.is_expired(now - 1ms));
    EXPECT_TRUE(key.is_expired(now));
}

TEST(api_keys, have_a_text_of_256_random_bits) {
    std::set<std::string> seen;
    std::set<char> last;
    for (int i = 0; i < 1'000; ++i) {
        auto const text = new_key_text();
        ASSERT_TRUE(is_key_text(text)) << text;
        ASSERT_EQ(text.size(), 50U);
        ASSERT_TRUE(text.starts_with("parley_"));
        EXPECT_EQ(from_base64url(text.substr(7)).value().size(), 32U);
        EXPECT_TRUE(seen.insert(text).second);
        last.insert(text.back());
    }
    EXPECT_EQ(last.size(), 16U) << "the last character has four of the bits";
}

TEST(api_keys, are_told_from_other_texts) {
    auto const text = new_key_text();
    for (auto const& bad :
         {std::string{}, std::string{"parley_"}, text.substr(1), text + "A", text + " ", text + "=",
          "Parley_" + text.substr(7), "parley-" + text.substr(7), "parley_" + std::string(42, 'A') + "B",
          "parley_" + std::string(42, 'A') + "+", text.substr(0, 49), text.substr(0, 49) + '\0'})
        EXPECT_FALSE(is_key_text(bad)) << bad;
    EXPECT_TRUE(is_key_text("parley_" + std::string(43, 'A')));
}

TEST(api_keys, show_four_characters_and_no_more) {
    EXPECT_EQ(hint_of("parley_" + std::string(42, 'A') + "Q"), "parley_AAAA");
    EXPECT_EQ(hint_of("par"), "par");
}

}  // namespace
}  // namespace parley
