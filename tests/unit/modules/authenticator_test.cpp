#include "modules/identity/authenticator.hpp"

#include <gtest/gtest.h>

namespace parley {
namespace {

constexpr std::string_view key = "prl_0123456789abcdefghijklmnopqrstuvwxyz";

std::string code(std::optional<std::string_view> authorization) {
    auto const who = authenticator{user_id::make(), key}.identify(authorization);
    return who ? "ok" : who.error().code;
}

TEST(authenticator, without_a_key_everybody_is_the_local_user) {
    auto const local = user_id::make();
    EXPECT_EQ(authenticator{local}.identify(std::nullopt), local);
    EXPECT_EQ(authenticator{local}.identify("Bearer nonsense"), local);
}

TEST(authenticator, with_a_key_only_who_shows_it_is) {
    auto const local = user_id::make();
    EXPECT_EQ((authenticator{local, key}.identify("Bearer " + std::string{key})), local);
    EXPECT_EQ(code("bEARER  " + std::string{key}), "ok") << "the scheme in any case, RFC 9110";
    EXPECT_EQ(code(std::nullopt), "missing_api_key");
    EXPECT_EQ(code(""), "missing_api_key");
    EXPECT_EQ(code("Bearer"), "missing_api_key");
    EXPECT_EQ(code("Bearer  "), "missing_api_key");
    EXPECT_EQ(code("Basic " + std::string{key}), "missing_api_key");
    EXPECT_EQ(code(key), "missing_api_key");
    EXPECT_EQ(code("Bearer " + std::string{key.substr(1)}), "invalid_api_key");
    EXPECT_EQ(code("Bearer " + std::string{key} + "x"), "invalid_api_key");
}

}  // namespace
}  // namespace parley
