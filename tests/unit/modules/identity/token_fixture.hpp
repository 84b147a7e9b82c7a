// A server that takes tokens of one issuer for itself, at one time.
#pragma once

#include "modules/identity/jwk_set.hpp"
#include "modules/identity/jwt.hpp"
#include "unit/modules/identity/token_maker.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <string>
#include <string_view>

namespace parley::test {

/// good_claims with some more members, or with one changed: the last of a name would count, if two were
/// taken, so `without` leaves one of them out.
[[nodiscard]] inline std::string claims_with(std::string_view more, std::string_view without = {}) {
    std::string out = "{";
    for (std::string_view const one : {R"("iss":"https://issuer.example")", R"("aud":"parley")",
                                       R"("sub":"alice")", R"("exp":2000000000)"}) {
        if (without.empty() || one.find("\"" + std::string{without} + "\"") != 0)
            out += (out.size() == 1 ? "" : ",") + std::string{one};
    }
    if (!more.empty()) out += (out.size() == 1 ? "" : ",") + std::string{more};
    return out + "}";
}

class token_test : public testing::Test {
protected:
    static constexpr timestamp exp{std::chrono::seconds{2'000'000'000}};

    jwt_rules rules{"https://issuer.example", {"parley", "other"}, std::chrono::seconds{60}};
    timestamp now = exp - std::chrono::hours{1};
    jwk_set keys = jwk_set::parse(issuer().set).value();

    [[nodiscard]] result<jwt_claims> verify(std::string_view token) const {
        return verify_jwt(token, keys, rules, now);
    }
    /// "ok", or the code of the error, which is always about who asks.
    [[nodiscard]] std::string code(std::string_view token) const {
        auto const got = verify(token);
        EXPECT_EQ(ERR_peek_error(), 0U) << "nothing is left on the thread";
        if (got) return "ok";
        EXPECT_EQ(got.error().kind, error_kind::unauthenticated);
        EXPECT_EQ(got.error().param, "Authorization");
        return got.error().code;
    }
    /// Of these claims, well signed.
    [[nodiscard]] std::string code_of(std::string_view claims) const {
        return code(issuer().rs.token(R"({"alg":"RS256","kid":"rs"})", claims));
    }
};

}  // namespace parley::test
