#include "modules/identity/jwk_set.hpp"

#include "common/base64url.hpp"
#include "unit/modules/identity/token_maker.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <algorithm>
#include <vector>

namespace parley::test {
namespace {

std::string set_of(std::vector<std::string> const& keys) {
    std::string out = R"({"keys":[)";
    for (auto const& one : keys) out += (out.ends_with('[') ? "" : ",") + one;
    return out + "]}";
}

/// "ok", or what is wrong.
std::string outcome(std::string const& text) {
    auto const made = jwk_set::parse(text);
    EXPECT_EQ(ERR_peek_error(), 0U) << "nothing is left on the thread";
    if (made) return "ok";
    EXPECT_EQ(made.error().kind, error_kind::invalid);
    EXPECT_EQ(made.error().code, "invalid_jwks");
    return made.error().message;
}

bool says(std::string const& text, std::string_view what) { return text.find(what) != std::string::npos; }

std::string rsa_key(std::string const& n, std::string const& e = "AQAB") {
    return R"({"kty":"RSA","kid":"it","n":")" + n + R"(","e":")" + e + "\"}";
}

TEST(jwk_set, has_a_key_of_each_kind_with_its_one_algorithm) {
    auto const made = jwk_set::parse(issuer().set);
    ASSERT_TRUE(made) << made.error().message;
    ASSERT_EQ(made->keys().size(), 4U);
    auto const& keys = made->keys();
    EXPECT_EQ(keys[0].kid, "hs");
    EXPECT_EQ(keys[0].algorithm, jwt_algorithm::hs256);
    EXPECT_EQ(keys[0].secret, std::string(32, 's'));
    EXPECT_EQ(keys[1].algorithm, jwt_algorithm::rs256);
    EXPECT_EQ(keys[2].algorithm, jwt_algorithm::es256);
    EXPECT_EQ(keys[3].algorithm, jwt_algorithm::eddsa);
    EXPECT_EQ(keys[3].kid, "ed");
    for (std::size_t i = 1; i < 4; ++i) EXPECT_TRUE(keys[i].pkey && keys[i].secret.empty());
}

TEST(jwk_set, leaves_out_what_is_not_for_it) {
    auto const& all = issuer();
    auto const good = all.es.jwk(R"(,"kid":"es")");
    for (auto const& other :
         {all.rs.jwk(R"(,"alg":"PS256")"), all.rs.jwk(R"(,"alg":"RS512")"), all.rs.jwk(R"(,"alg":"ES256")"),
          all.rs.jwk(R"(,"use":"enc")"), all.rs.jwk(R"(,"key_ops":["encrypt"])"),
          all.rs.jwk(R"(,"key_ops":[])"), all.rs.jwk(R"(,"key_ops":"verify")"),
          all.ed.jwk(R"(,"alg":"Ed25519")"), std::string{R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})"},
          std::string{R"({"kty":"OKP","crv":"X25519","x":"AA"})"}, std::string{R"({"kty":"new","x":"AA"})"},
          std::string{R"({"kty":"oct","k":"AA"})"}, std::string{R"({"kty":"oct","alg":"HS512","k":"AA"})"},
          std::string{R"({"kty":"oct","alg":"A128KW","k":"AA"})"}, std::string{"{}"}}) {
        EXPECT_TRUE(says(outcome(set_of({other})), "no key for")) << other;
        auto const made = jwk_set::parse(set_of({other, good}));
        ASSERT_TRUE(made) << other;
        ASSERT_EQ(made->keys().size(), 1U) << other;
        EXPECT_EQ(made->keys()[0].kid, "es");
    }
    EXPECT_EQ(outcome(set_of({all.rs.jwk(R"(,"use":"sig","alg":"RS256","key_ops":["verify"],"x5t":"abc")")})),
              "ok");
}

TEST(jwk_set, is_json_with_a_list_of_keys) {
    auto const key = issuer().es.jwk();
    for (auto const& bad : {std::string{}, std::string{"{}"}, std::string{"[]"}, key, "[" + key + "]",
                            R"({"keys":)" + key + "}", std::string{R"({"keys":null})"}, set_of({key}) + "x",
                            std::string{"-----BEGIN PUBLIC KEY-----"}, std::string(5'000, '['),
                            R"({"keys":[],"keys":[)" + key + "]}"})
        EXPECT_TRUE(says(outcome(bad), "no JSON object with a list")) << bad;
    for (auto const* const odd : {"1", "null", "[]", "\"key\""})
        EXPECT_TRUE(says(outcome(set_of({key, odd})), "no JSON object.")) << odd;
    EXPECT_TRUE(says(outcome(set_of({})), "no key for"));
    EXPECT_TRUE(says(outcome(set_of({key}) + std::string(1024UL * 1024, ' ')), "larger than 1 MiB"));
}

TEST(jwk_set, members_that_are_no_text_are_not_taken_for_absent) {
    for (auto const* const odd : {R"(,"kid":1)", R"(,"alg":["ES256"])", R"(,"use":null)"})
        EXPECT_TRUE(says(outcome(set_of({issuer().es.jwk(odd)})), "is no text")) << odd;
    EXPECT_TRUE(says(outcome(set_of({R"({"kty":1})", issuer().es.jwk()})), "is no text"));
    EXPECT_TRUE(says(outcome(set_of({issuer().es.jwk(R"(,"kty":"EC")")})), "no JSON object with a list"))
        << "two members of one name";
}

TEST(jwk_set, names_each_key_once) {
    auto const one = issuer().es.jwk(R"(,"kid":"a")");
    auto const other = signing_key::p256().jwk(R"(,"kid":"a")");
    EXPECT_TRUE(says(outcome(set_of({one, other})), "two keys have the kid \"a\""));
    EXPECT_EQ(outcome(set_of({issuer().es.jwk(), issuer().rs.jwk()})), "ok") << "none has one";
}

TEST(jwk_set, secrets_are_long_enough) {
    EXPECT_TRUE(says(outcome(set_of({signing_key::secret(std::string(31, 'x')).jwk(R"(,"kid":"a")")})),
                     "the key \"a\" has less than 32 bytes"));
    EXPECT_EQ(outcome(set_of({signing_key::secret(std::string(32, 'x')).jwk()})), "ok");
    for (auto const* const bad : {R"({"kty":"oct","alg":"HS256"})", R"({"kty":"oct","alg":"HS256","k":""})",
                                  R"({"kty":"oct","alg":"HS256","k":5})"})
        EXPECT_TRUE(says(outcome(set_of({bad})), "less than 32 bytes")) << bad;
    EXPECT_TRUE(says(outcome(set_of({R"({"kty":"oct","alg":"HS256","k":")" + std::string(43, 'A') + "=\"}"})),
                     "less than 32 bytes"))
        << "not base64url";
}

TEST(jwk_set, rsa_keys_are_large_enough_and_not_too_large) {
    EXPECT_TRUE(says(outcome(set_of({signing_key::rsa(1024).jwk()})), "less than 2,048 bits"));
    std::string modulus(2048, '\xff');
    EXPECT_TRUE(says(outcome(set_of({rsa_key(encoded('\1' + modulus))})), "can not be read"));
    EXPECT_TRUE(says(outcome(set_of({rsa_key(encoded(std::string(100'000, '\xff')))})), "can not be read"));
}

TEST(jwk_set, rsa_keys_are_keys) {
    auto const jwk = issuer().rs.jwk();
    auto const begin = jwk.find("\"n\":\"") + 5;
    auto const good = jwk.substr(begin, jwk.find('"', begin) - begin);
    EXPECT_EQ(outcome(set_of({rsa_key(good)})), "ok");
    EXPECT_EQ(outcome(set_of({rsa_key(good, "Aw")})), "ok") << "3, as old keys have it";
    auto even = from_base64url(good).value();
    even.back() = static_cast<char>(even.back() & 0xfe);
    for (auto const& bad :
         {rsa_key(encoded(even)), rsa_key(good, "AA"), rsa_key(good, "AQ"), rsa_key(good, "BA"),
          rsa_key(good, ""), rsa_key(good, encoded(std::string(9, '\xff'))), rsa_key(""), rsa_key("%%%%"),
          rsa_key("AAAA"), std::string{R"({"kty":"RSA","kid":"it","e":"AQAB"})"},
          std::string{R"({"kty":"RSA","kid":"it","n":5,"e":"AQAB"})"}})
        EXPECT_TRUE(says(outcome(set_of({bad})), "the key \"it\"")) << bad;
}

TEST(jwk_set, points_are_on_the_curve) {
    auto const point = [](std::string const& x, std::string const& y) {
        return R"({"kty":"EC","crv":"P-256","x":")" + encoded(x) + R"(","y":")" + encoded(y) + "\"}";
    };
    std::string const zero(32, '\0');
    std::string const most(32, '\xff');
    for (auto const& bad : {point(zero, zero), point(most, most), point(zero, zero.substr(1) + '\1'),
                            point("", ""), point(zero.substr(1), zero), point(zero + zero, zero),
                            std::string{R"({"kty":"EC","crv":"P-256"})"}})
        EXPECT_TRUE(says(outcome(set_of({bad})), "a key without a kid can not be read")) << bad;
    for (std::size_t const size : {0U, 31U, 33U})
        EXPECT_TRUE(says(outcome(set_of({R"({"kty":"OKP","crv":"Ed25519","x":")" +
                                         encoded(std::string(size, 'x')) + "\"}"})),
                         "can not be read"))
            << size;
}

/// As an issuer's own file may have it by mistake: only the public part is used.
TEST(jwk_set, a_private_part_is_not_looked_at) {
    EXPECT_EQ(outcome(set_of({issuer().es.jwk(R"(,"d":"AA")")})), "ok");
    EXPECT_EQ(outcome(set_of({issuer().rs.jwk(R"(,"d":"AA","p":"AA","q":"AA")")})), "ok");
}

}  // namespace
}  // namespace parley::test
