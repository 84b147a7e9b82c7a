// What somebody without a key sends who wants to be taken for somebody: every one is refused with the same
// code, whatever is wrong with it.
#include "unit/modules/identity/token_fixture.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace parley::test {
namespace {

constexpr std::string_view rs_header = R"({"alg":"RS256","kid":"rs"})";

struct forgery {
    std::string what;
    std::string token;
};

class hostile_tokens : public token_test {
protected:
    void SetUp() override { ASSERT_EQ(code(good), "ok"); }
    void expect_refused(std::vector<forgery> const& all) const {
        for (auto const& one : all) EXPECT_EQ(code(one.token), "invalid_token") << one.what;
    }
    static std::string with_signature(std::string_view header, std::string_view signature) {
        return to_sign(header, good_claims) + "." + encoded(signature);
    }
    /// Well signed with the real key, so that nothing but the header is at fault.
    static std::string headed(std::string_view header) { return issuer().rs.token(header, good_claims); }

    std::string const good = headed(rs_header);
    signing_key const intruder = signing_key::p256();
};

TEST_F(hostile_tokens, algorithm_none_in_any_case) {
    auto const signature = good.substr(good.rfind('.') + 1);
    for (auto const* const word : {"none", "None", "NONE", "nOnE", "none ", "", "null"}) {
        for (auto const* const kid : {R"(,"kid":"rs")", R"(,"kid":"hs")", ""}) {
            auto const header = R"({"alg":")" + std::string{word} + "\"" + kid + "}";
            auto const text = to_sign(header, good_claims);
            expect_refused({{header + " empty", text + "."},
                            {header + " without a dot", text},
                            {header + " of another", text + "." + signature},
                            {header + " signed", headed(header)}});
        }
    }
}

TEST_F(hostile_tokens, algorithms_that_are_not_the_keys) {
    auto const& all = issuer();
    std::vector<std::pair<std::string, signing_key const*>> const known{
        {"HS256", &all.hs}, {"RS256", &all.rs}, {"ES256", &all.es}, {"EdDSA", &all.ed}};
    std::vector<std::string> const kids{"hs", "rs", "es", "ed"};
    for (std::size_t i = 0; i < known.size(); ++i) {
        for (std::size_t j = 0; j < kids.size(); ++j) {
            auto const header = R"({"alg":")" + known[i].first + R"(","kid":")" + kids[j] + "\"}";
            for (auto const& [name, key] : known) {
                bool const right = i == j && name == known[i].first;
                EXPECT_EQ(code(key->token(header, good_claims)), right ? "ok" : "invalid_token")
                    << header << " signed by " << name;
            }
        }
    }
    for (auto const* const other : {"RS384", "RS512", "PS256", "HS384", "HS512", "ES384", "ES256K", "rs256",
                                    "Ed25519", "EDDSA", "dir", "RSA-OAEP"})
        expect_refused({{other, headed(R"({"alg":")" + std::string{other} + R"(","kid":"rs"})")}});
    for (auto const* const odd : {"1", "null", "true", R"(["RS256"])", R"({"RS256":1})"})
        expect_refused({{odd, headed(R"({"alg":)" + std::string{odd} + R"(,"kid":"rs"})")}});
    expect_refused({{"no alg", headed(R"({"kid":"rs"})")}, {"an empty header", headed("{}")}});
}

TEST_F(hostile_tokens, a_public_key_as_the_secret_of_an_hmac) {
    auto const& rs = issuer().rs;
    for (auto const& secret : {rs.pem(), rs.pem().substr(0, rs.pem().size() - 1), rs.der(), rs.jwk(),
                               rs.jwk(R"(,"kid":"rs")"), std::string{}, std::string{"rs"}, issuer().set}) {
        for (auto const* const kid : {R"(,"kid":"rs")", R"(,"kid":"hs")", ""}) {
            auto const header = R"({"alg":"HS256")" + std::string{kid} + "}";
            expect_refused({{header + secret, signing_key::secret(secret).token(header, good_claims)}});
        }
    }
    for (auto const* const key : {&issuer().es, &issuer().ed}) {
        auto const header = R"({"alg":"HS256"})";
        expect_refused({{"PEM", signing_key::secret(key->pem()).token(header, good_claims)},
                        {"DER", signing_key::secret(key->der()).token(header, good_claims)}});
    }
}

TEST_F(hostile_tokens, kids_that_are_none) {
    for (auto const* const kid :
         {R"("no-such")", R"("")", R"("RS")", R"("rs ")", R"("rs\u0000")", R"("../../../../dev/null")",
          R"("rs' OR 1=1 --")", R"("hs")", "1", "null", "true", R"(["rs"])", R"({"rs":1})"})
        expect_refused({{kid, headed(R"({"alg":"RS256","kid":)" + std::string{kid} + "}")}});
    expect_refused({{"long", headed(R"({"alg":"RS256","kid":")" + std::string(4000, 'x') + "\"}")}});
}

TEST_F(hostile_tokens, keys_that_a_token_brings_along) {
    auto const key = intruder.jwk(R"(,"kid":"mine")");
    for (auto const& kid :
         {R"(,"kid":"mine")", R"(,"kid":"es")", R"(,"kid":"https://evil.example/keys")", ""}) {
        auto const begin = R"({"alg":"ES256")" + std::string{kid};
        for (auto const& brought :
             {R"(,"jwk":)" + key, std::string{R"(,"jku":"https://evil.example/jwks.json")"},
              std::string{R"(,"x5u":"https://evil.example/cert.pem")"},
              R"(,"x5c":[")" + encoded(intruder.der()) + "\"]", R"(,"keys":[)" + key + "]", std::string{}})
            expect_refused({{begin + brought, intruder.token(begin + brought + "}", good_claims)}});
    }
}

TEST_F(hostile_tokens, what_must_be_understood_or_unpacked) {
    for (auto const* const member :
         {R"("crit":["exp"])", R"("crit":[])", R"("crit":"exp")", R"("crit":null)",
          R"("crit":["b64"],"b64":false)", R"("zip":"DEF")", R"("zip":null)", R"("enc":"A256GCM")"})
        expect_refused({{member, headed(R"({"alg":"RS256","kid":"rs",)" + std::string{member} + "}")}});
}

TEST_F(hostile_tokens, tokens_that_are_for_something_else) {
    for (auto const* const type :
         {R"("logout+jwt")", R"("dpop+jwt")", R"("application/secevent+jwt")", R"("JOSE")", R"("")", "null",
          "1", R"(["JWT"])", R"("application/")", R"("application/application/JWT")"})
        expect_refused({{type, headed(R"({"alg":"RS256","kid":"rs","typ":)" + std::string{type} + "}")}});
    for (auto const* const type : {"JWT", "jwt", "at+jwt", "application/at+jwt", "Application/JWT"})
        EXPECT_EQ(code(headed(R"({"alg":"RS256","kid":"rs","typ":")" + std::string{type} + "\"}")), "ok")
            << type;
}

TEST_F(hostile_tokens, payloads_that_are_no_claims) {
    auto const& rs = issuer().rs;
    for (auto const& payload :
         {good, "\"" + good + "\"", "[" + std::string{good_claims} + "]", std::string{}, std::string{"null"},
          std::string{"1"}, std::string{good_claims} + std::string{good_claims},
          std::string{good_claims} + "x", "\xef\xbb\xbf" + std::string{good_claims},
          std::string{good_claims} + '\0', std::string{good_claims.substr(0, good_claims.size() - 1)} + ",}",
          "/**/" + std::string{good_claims}, claims_with("\"a\":\"\xff\""),
          claims_with("\"a\":\"\xed\xa0\x80\""), claims_with(R"("a":NaN)"), claims_with(R"("a":Infinity)"),
          claims_with("'a':1"), claims_with(R"("a":01)")})
        expect_refused(
            {{payload, rs.token(rs_header, payload)},
             {"nested: " + payload, rs.token(R"({"alg":"RS256","kid":"rs","cty":"JWT"})", payload)}});
}

TEST_F(hostile_tokens, two_members_of_one_name) {
    for (auto const* const header :
         {R"({"alg":"none","alg":"RS256","kid":"rs"})", R"({"alg":"RS256","kid":"rs","alg":"RS256"})",
          R"({"alg":"RS256","kid":"es","kid":"rs"})", R"({"alg":"RS256","\u0061lg":"RS256","kid":"rs"})"})
        expect_refused({{header, headed(header)}});
    for (auto const* const more :
         {R"("sub":"bob")", R"("sub":"alice")", R"("\u0073ub":"bob")", R"("exp":1)", R"("aud":"evil")",
          R"("a":{"b":1,"b":2})", R"("a":[[{"b":1,"c:":":","b":2}]])"}) {
        expect_refused({{more, issuer().rs.token(rs_header, claims_with(more))}});
    }
    EXPECT_EQ(code_of(claims_with(R"("a":{"b":1},"c":[{"b":":\":"},{"b":"\\"}],"b":"::\"\\\":")")), "ok")
        << "the same name elsewhere, and colons in texts, are nothing";
}

TEST_F(hostile_tokens, other_ways_to_write_the_same_bytes) {
    auto const first = good.find('.');
    auto const second = good.rfind('.');
    auto const header = good.substr(0, first);
    auto const claims = good.substr(first + 1, second - first - 1);
    auto const signature = good.substr(second + 1);
    auto const join = [](std::string const& a, std::string const& b, std::string const& c) {
        return a + "." + b + "." + c;
    };
    std::vector<forgery> all;
    for (auto const& more : std::vector<std::string>{"=", "==", "A", " ", "\n", "\t", "\r\n", "%3d",
                                                     std::string(1, '\0'), "."}) {
        all.push_back({"header" + more, join(header + more, claims, signature)});
        all.push_back({"claims" + more, join(header, claims + more, signature)});
        all.push_back({"signature" + more, join(header, claims, signature + more)});
        all.push_back({more + "header", join(more + header, claims, signature)});
    }
    all.push_back({"standard alphabet", good.substr(0, second + 1) + std::string(342, '+')});
    all.push_back({"standard alphabet", good.substr(0, second + 1) + std::string(342, '/')});
    all.push_back({"empty", ""});
    all.push_back({"dots", ".."});
    all.push_back({"many dots", std::string(8000, '.')});
    all.push_back({"JWE", good + "." + signature + "." + signature});
    all.push_back({"no header", join("", claims, signature)});
    all.push_back({"no claims", join(header, "", signature)});
    all.push_back({"no signature", join(header, claims, "")});
    all.push_back({"in JSON", R"({"payload":")" + claims + R"(","protected":")" + header +
                                  R"(","signature":")" + signature + "\"}"});
    all.push_back({"in another order", join(claims, header, signature)});
    all.push_back({"another scheme", "Bearer " + good});
    expect_refused(all);
}

/// The last character of 256 bytes has two bits that say nothing, of 64 bytes four.
TEST_F(hostile_tokens, bits_that_say_nothing_are_zero) {
    std::string const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::vector<std::string> const tokens{good,
                                          issuer().hs.token(R"({"alg":"HS256","kid":"hs"})", good_claims),
                                          issuer().es.token(R"({"alg":"ES256","kid":"es"})", good_claims),
                                          issuer().ed.token(R"({"alg":"EdDSA","kid":"ed"})", good_claims)};
    for (auto const& token : tokens) {
        for (char const last : alphabet) {
            auto other = token;
            other.back() = last;
            EXPECT_EQ(code(other), other == token ? "ok" : "invalid_token");
        }
    }
}

TEST_F(hostile_tokens, every_truncation) {
    for (std::size_t size = 0; size < good.size(); ++size) {
        EXPECT_EQ(code(good.substr(0, size)), "invalid_token") << size;
        EXPECT_EQ(code(good.substr(good.size() - size)), "invalid_token") << size;
    }
}

TEST_F(hostile_tokens, every_bit_of_a_token_of_every_algorithm) {
    std::vector<std::string> const tokens{good,
                                          issuer().hs.token(R"({"alg":"HS256","kid":"hs"})", good_claims),
                                          issuer().es.token(R"({"alg":"ES256","kid":"es"})", good_claims),
                                          issuer().ed.token(R"({"alg":"EdDSA","kid":"ed"})", good_claims)};
    for (auto const& token : tokens) {
        for (std::size_t bit = 0; bit < token.size() * 8; ++bit) {
            auto other = token;
            other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
            EXPECT_EQ(code(other), "invalid_token") << bit << " of " << token;
        }
    }
}

TEST_F(hostile_tokens, huge_ones_cost_nothing) {
    constexpr std::size_t mebibyte = 1024UL * 1024;
    std::vector<forgery> all{
        {"dots", std::string(mebibyte, '.')},
        {"letters", std::string(mebibyte, 'A')},
        {"brackets", encoded(std::string(mebibyte, '[')) + ".e30.e30"},
        {"good and more", good + std::string(mebibyte, 'A')},
        {"large claims",
         issuer().rs.token(rs_header, claims_with(R"("a":")" + std::string(mebibyte, 'x') + "\""))}};
    expect_refused(all);
    auto const begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 5'000; ++i) static_cast<void>(code(all.back().token));
    // To decode one takes milliseconds, to look at its size nothing: far apart on a busy machine too.
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
}

TEST_F(hostile_tokens, the_largest_one_that_is_read) {
    auto const sized = [](std::size_t bytes) {
        return issuer().rs.token(rs_header, claims_with(R"("a":")" + std::string(bytes, 'x') + "\""));
    };
    std::size_t fits = 1;
    while (sized(fits + 1).size() <= 8'192) ++fits;
    EXPECT_EQ(code(sized(fits)), "ok");
    EXPECT_EQ(code(sized(fits + 4)), "invalid_token");
}

TEST_F(hostile_tokens, deep_ones) {
    auto const nested = [](std::size_t depth) {
        return R"("a":)" + std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(code_of(claims_with(nested(7))), "ok");
    for (std::size_t const depth : {8U, 9U, 100U, 2'000U})
        expect_refused({{"claims", issuer().rs.token(rs_header, claims_with(nested(depth)))},
                        {"header", headed(R"({"alg":"RS256","kid":"rs",)" + nested(depth) + "}")}});
    expect_refused({{"open only", headed(R"({"alg":"RS256","kid":"rs","a":)" + std::string(5'000, '['))},
                    {"objects", headed([] {
                         std::string out = R"({"alg":"RS256","kid":"rs","a":)";
                         for (int i = 0; i < 900; ++i) out += R"({"a":)";
                         return out;
                     }())}});
}

TEST_F(hostile_tokens, numbers_that_are_no_signature_of_es256) {
    constexpr std::string_view header = R"({"alg":"ES256","kid":"es"})";
    auto const signature = issuer().es.sign(to_sign(header, good_claims));
    ASSERT_EQ(code(with_signature(header, signature)), "ok");
    auto const r = signature.substr(0, 32);
    auto const s = signature.substr(32);
    std::string const zero(32, '\0');
    std::string const one = zero.substr(1) + '\1';
    std::string const most(32, '\xff');
    // The order of P-256's group: as good as zero.
    std::string const order(
        "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
        "\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51",
        32);
    std::vector<forgery> all{{"DER", with_signature(header, in_der(signature))},
                             {"swapped", with_signature(header, s + r)},
                             {"63 bytes", with_signature(header, signature.substr(1))},
                             {"65 bytes", with_signature(header, '\0' + signature)},
                             {"65 bytes", with_signature(header, signature + '\0')},
                             {"66 bytes", with_signature(header, '\0' + r + '\0' + s)},
                             {"96 bytes", with_signature(header, signature + zero)}};
    for (auto const& odd : {zero, one, most, order}) {
        all.push_back({"r", with_signature(header, odd + s)});
        all.push_back({"s", with_signature(header, r + odd)});
        for (auto const& other : {zero, one, most, order})
            all.push_back({"both", with_signature(header, odd + other)});
    }
    expect_refused(all);
}

TEST_F(hostile_tokens, signatures_of_rsa_in_other_ways) {
    auto const& rs = issuer().rs;
    auto const text = to_sign(rs_header, good_claims);
    auto const signature = rs.sign(text);
    expect_refused({{"SHA-1", with_signature(rs_header, rs.sign(text, "SHA1"))},
                    {"SHA-384", with_signature(rs_header, rs.sign(text, "SHA384"))},
                    {"SHA-512", with_signature(rs_header, rs.sign(text, "SHA512"))},
                    {"PSS", with_signature(rs_header, rs.sign_pss(text))},
                    {"a zero before", with_signature(rs_header, '\0' + signature)},
                    {"a zero behind", with_signature(rs_header, signature + '\0')},
                    {"one short", with_signature(rs_header, signature.substr(1))},
                    {"zeros", with_signature(rs_header, std::string(256, '\0'))},
                    {"a one", with_signature(rs_header, std::string(255, '\0') + '\1')},
                    {"all ones", with_signature(rs_header, std::string(256, '\xff'))}});
}

TEST_F(hostile_tokens, macs_that_are_cut_or_of_other_digests) {
    constexpr std::string_view header = R"({"alg":"HS256","kid":"hs"})";
    auto const& hs = issuer().hs;
    auto const text = to_sign(header, good_claims);
    auto const mac = hs.sign(text);
    ASSERT_EQ(code(with_signature(header, mac)), "ok");
    for (std::size_t size = 0; size < mac.size(); ++size)
        expect_refused({{std::to_string(size), with_signature(header, mac.substr(0, size))}});
    expect_refused({{"more", with_signature(header, mac + '\0')},
                    {"SHA-384", with_signature(header, hs.sign(text, "SHA384"))},
                    {"SHA-512", with_signature(header, hs.sign(text, "SHA512"))},
                    {"SHA-1", with_signature(header, hs.sign(text, "SHA1"))}});
}

/// S + L is the same number to who does not look whether it is below L (RFC 8032 §5.1.7).
TEST_F(hostile_tokens, a_second_signature_made_from_one_of_eddsa) {
    constexpr std::string_view header = R"({"alg":"EdDSA","kid":"ed"})";
    auto signature = issuer().ed.sign(to_sign(header, good_claims));
    ASSERT_EQ(code(with_signature(header, signature)), "ok");
    std::string const order(
        "\xed\xd3\xf5\x5c\x1a\x63\x12\x58\xd6\x9c\xf7\xa2\xde\xf9\xde\x14"
        "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10",
        32);
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        carry += static_cast<unsigned char>(signature[32 + i]);
        carry += static_cast<unsigned char>(order[i]);
        signature[32 + i] = static_cast<char>(carry & 0xff);
        carry >>= 8;
    }
    expect_refused({{"S + L", with_signature(header, signature)},
                    {"zeros", with_signature(header, std::string(64, '\0'))},
                    // The neutral point as R, and S = 0.
                    {"a point of small order", with_signature(header, '\1' + std::string(63, '\0'))}});
}

TEST_F(hostile_tokens, a_signature_of_another_text) {
    auto const other = issuer().rs.token(rs_header, claims_with(R"("sub":"bob")", "sub"));
    auto const signature = good.substr(good.rfind('.'));
    expect_refused({{"bob's claims", other.substr(0, other.rfind('.')) + signature},
                    {"without the header", good.substr(good.find('.') + 1)},
                    {"another header with the same claims",
                     to_sign(R"({"alg":"RS256","kid":"rs","typ":"JWT"})", good_claims) + signature}});
}

TEST_F(hostile_tokens, what_is_wrong_is_not_told) {
    auto const unknown_key = verify(headed(R"({"alg":"RS256","kid":"no-such"})"));
    auto const wrong_signature = verify(with_signature(rs_header, std::string(256, 'x')));
    ASSERT_FALSE(unknown_key);
    ASSERT_FALSE(wrong_signature);
    EXPECT_EQ(unknown_key.error().message, wrong_signature.error().message);
    auto const expired = verify(with_signature(rs_header, "x"));
    EXPECT_EQ(expired.error().code, "invalid_token") << "nothing is said of claims that are not signed";
    now = exp + std::chrono::hours{24};
    EXPECT_EQ(code(with_signature(rs_header, "x")), "invalid_token");
    EXPECT_EQ(code(good), "token_expired");
}

}  // namespace
}  // namespace parley::test
