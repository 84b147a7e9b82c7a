// Tokens that are good, and the claims that decide: whose, by whom, for whom, from when until when.
#include "unit/modules/identity/token_fixture.hpp"

namespace parley::test {
namespace {

using namespace std::chrono_literals;

using good_tokens = token_test;
using token_claims = token_test;
using token_times = token_test;

TEST_F(good_tokens, of_every_algorithm) {
    EXPECT_EQ(code(issuer().hs.token(R"({"alg":"HS256","kid":"hs"})", good_claims)), "ok");
    EXPECT_EQ(code(issuer().rs.token(R"({"alg":"RS256","kid":"rs"})", good_claims)), "ok");
    EXPECT_EQ(code(issuer().es.token(R"({"alg":"ES256","kid":"es"})", good_claims)), "ok");
    EXPECT_EQ(code(issuer().ed.token(R"({"alg":"EdDSA","kid":"ed"})", good_claims)), "ok");
}

TEST_F(good_tokens, without_a_kid_the_only_key_of_the_algorithm_is_meant) {
    EXPECT_EQ(code(issuer().es.token(R"({"alg":"ES256"})", good_claims)), "ok");
    auto const other = signing_key::p256();
    keys = jwk_set::parse(R"({"keys":[)" + issuer().es.jwk(R"(,"kid":"es")") + "," +
                          other.jwk(R"(,"kid":"es2")") + "]}")
               .value();
    EXPECT_EQ(code(issuer().es.token(R"({"alg":"ES256"})", good_claims)), "invalid_token");
    EXPECT_EQ(code(other.token(R"({"alg":"ES256"})", good_claims)), "invalid_token");
    EXPECT_EQ(code(other.token(R"({"alg":"ES256","kid":"es2"})", good_claims)), "ok");
    EXPECT_EQ(code(other.token(R"({"alg":"ES256","kid":"es"})", good_claims)), "invalid_token");
}

TEST_F(good_tokens, a_key_without_a_kid_is_meant_by_tokens_without_one) {
    keys = jwk_set::parse(R"({"keys":[)" + issuer().es.jwk() + "]}").value();
    EXPECT_EQ(code(issuer().es.token(R"({"alg":"ES256"})", good_claims)), "ok");
    EXPECT_EQ(code(issuer().es.token(R"({"alg":"ES256","kid":"es"})", good_claims)), "invalid_token");
    EXPECT_EQ(code(issuer().es.token(R"({"alg":"ES256","kid":""})", good_claims)), "invalid_token");
}

TEST_F(good_tokens, what_else_stands_in_the_header_does_not_matter) {
    auto const intruder = signing_key::p256();
    EXPECT_EQ(
        code(issuer().es.token(R"({"typ":"at+jwt","alg":"ES256","kid":"es","jku":"https://evil.example",)"
                               R"("x5t":"abc","jwk":)" +
                                   intruder.jwk() + "}",
                               good_claims)),
        "ok")
        << "the operator's key has signed it, and nothing of this is looked at";
}

TEST_F(good_tokens, tell_whose_they_are) {
    auto const got = verify(issuer().rs.token(
        R"({"alg":"RS256","kid":"rs"})",
        claims_with(R"("name":"Alice \"A\" \u00c4","scope":"read write","unknown":{"a":[1,2]})")));
    ASSERT_TRUE(got);
    EXPECT_EQ(got->subject, "alice");
    EXPECT_EQ(got->name, "Alice \"A\" Ä");
    EXPECT_EQ(got->scope, "read write");
    EXPECT_EQ(got->expires_at, exp);
    auto const bare = verify(issuer().rs.token(R"({"alg":"RS256","kid":"rs"})", good_claims));
    ASSERT_TRUE(bare);
    EXPECT_EQ(bare->name, "");
    EXPECT_EQ(bare->scope, "");
}

TEST_F(good_tokens, have_their_scope_in_words_or_in_a_list_under_either_name) {
    for (auto const* const said : {R"("scope":"read write")", R"("scope":["read","write"])",
                                   R"("scp":["read","write"])", R"("scope":"read","scp":"write")"}) {
        auto const got = verify(issuer().rs.token(R"({"alg":"RS256","kid":"rs"})", claims_with(said)));
        ASSERT_TRUE(got) << said;
        EXPECT_EQ(got->scope, "read write") << said;
    }
    for (auto const* const odd :
         {R"("scope":5)", R"("scope":null)", R"("scp":["read",1])", R"("scope":{"read":true})"})
        EXPECT_FALSE(verify(issuer().rs.token(R"({"alg":"RS256","kid":"rs"})", claims_with(odd)))) << odd;
}

TEST_F(token_claims, the_issuer_is_the_one) {
    EXPECT_EQ(code_of(good_claims), "ok");
    EXPECT_EQ(code_of(claims_with("", "iss")), "invalid_token");
    for (auto const* const other : {R"("https://issuer.example/")", R"("HTTPS://issuer.example")", R"("")",
                                    R"("https://other.example")", R"("https://issuer.example\u0000")",
                                    R"(["https://issuer.example"])", "1", "null"})
        EXPECT_EQ(code_of(claims_with(std::string{R"("iss":)"} + other, "iss")), "invalid_token") << other;
}

TEST_F(token_claims, one_of_its_audiences_is_us) {
    for (auto const* const good : {R"("parley")", R"("other")", R"(["parley"])", R"(["a","parley","b"])"})
        EXPECT_EQ(code_of(claims_with(std::string{R"("aud":)"} + good, "aud")), "ok") << good;
    EXPECT_EQ(code_of(claims_with("", "aud")), "invalid_token");
    for (auto const* const bad :
         {R"("Parley")", R"("parley ")", R"("parley other")", R"("")", "[]", R"(["a","b"])",
          R"([["parley"]])", R"({"parley":"parley"})", "1", "null", "true", R"([1,null])"})
        EXPECT_EQ(code_of(claims_with(std::string{R"("aud":)"} + bad, "aud")), "invalid_token") << bad;
}

TEST_F(token_claims, the_subject_is_somebody) {
    auto const subject = [](std::string const& text) { return claims_with(R"("sub":)" + text, "sub"); };
    EXPECT_EQ(code_of(subject("\"" + std::string(255, 'x') + "\"")), "ok");
    EXPECT_EQ(code_of(subject("\"" + std::string(256, 'x') + "\"")), "invalid_token");
    EXPECT_EQ(code_of(claims_with("", "sub")), "invalid_token");
    for (auto const* const bad : {R"("")", R"("a\u0000b")", "1", "null", R"(["alice"])", "{}"})
        EXPECT_EQ(code_of(subject(bad)), "invalid_token") << bad;
}

TEST_F(token_times, it_expires_to_the_second_with_the_skew_of_clocks) {
    auto const token = issuer().es.token(R"({"alg":"ES256","kid":"es"})", good_claims);
    now = exp + 60s - 1ms;
    EXPECT_EQ(code(token), "ok");
    now = exp + 60s;
    EXPECT_EQ(code(token), "token_expired");
    rules.clock_skew = 0s;
    now = exp - 1ms;
    EXPECT_EQ(code(token), "ok");
    now = exp;
    EXPECT_EQ(code(token), "token_expired");
}

TEST_F(token_times, it_begins_to_the_second_with_the_skew_of_clocks) {
    for (auto const* const name : {"nbf", "iat"}) {
        auto const claims = claims_with("\"" + std::string{name} + R"(":1999990000)");
        timestamp const begins{1'999'990'000s};
        rules.clock_skew = 60s;
        now = begins - 60s;
        EXPECT_EQ(code_of(claims), "ok") << name;
        now = begins - 60s - 1ms;
        EXPECT_EQ(code_of(claims), "token_not_yet_valid") << name;
        rules.clock_skew = 0s;
        now = begins;
        EXPECT_EQ(code_of(claims), "ok") << name;
        now = begins - 1ms;
        EXPECT_EQ(code_of(claims), "token_not_yet_valid") << name;
    }
    now = timestamp{1'999'990'000s};
    EXPECT_EQ(code_of(claims_with(R"("nbf":1,"iat":1999990001)")), "token_not_yet_valid") << "both count";
    EXPECT_EQ(code_of(claims_with(R"("nbf":1999990001,"iat":1)")), "token_not_yet_valid");
}

TEST_F(token_times, fractions_of_a_second_count) {
    auto const claims = claims_with(R"("exp":1999999999.25)", "exp");
    rules.clock_skew = 0s;
    now = exp - 751ms;
    EXPECT_EQ(code_of(claims), "ok");
    now = exp - 750ms;
    EXPECT_EQ(code_of(claims), "token_expired");
    EXPECT_EQ(code_of(claims_with(R"("exp":2e9)", "exp")), "ok");
}

TEST_F(token_times, an_end_that_is_none) {
    EXPECT_EQ(code_of(claims_with("", "exp")), "invalid_token");
    for (auto const* const bad : {"-1", "-0.5", R"("2000000000")", "null", "true", "[2000000000]", "1e400",
                                  "1e300", "253402300800", "18446744073709551615", "99999999999999999999999"})
        EXPECT_EQ(code_of(claims_with(std::string{R"("exp":)"} + bad, "exp")), "invalid_token") << bad;
    for (auto const* const long_ago : {"0", "-0", "-0.0", "0.5", "1e-300", "1"})
        EXPECT_EQ(code_of(claims_with(std::string{R"("exp":)"} + long_ago, "exp")), "token_expired")
            << long_ago;
    EXPECT_EQ(code_of(claims_with(R"("exp":253402300799)", "exp")), "ok") << "the end of the year 9999";
}

TEST_F(token_times, a_beginning_that_is_none) {
    for (auto const* const name : {"nbf", "iat"}) {
        for (auto const* const bad : {"-1", R"("1")", "null", "{}", "1e400"})
            EXPECT_EQ(code_of(claims_with("\"" + std::string{name} + "\":" + bad)), "invalid_token")
                << name << bad;
        EXPECT_EQ(code_of(claims_with("\"" + std::string{name} + "\":0")), "ok") << name;
    }
}

}  // namespace
}  // namespace parley::test
