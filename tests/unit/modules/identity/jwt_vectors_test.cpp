// The examples of the standards: RFC 7515 appendix A.1 to A.3, RFC 8037 appendix A.4.
#include "common/base64url.hpp"
#include "modules/identity/jwk_set.hpp"
#include "modules/identity/jwt_signature.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace parley::test {
namespace {

struct vector {
    std::string_view name;
    std::string_view key;
    std::string_view text;
    std::string_view signature;
};

constexpr std::string_view joe =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

constexpr std::array vectors{
    vector{"rfc7515_a1_hs256",
           R"({"kty":"oct","alg":"HS256",)"
           R"("k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"})",
           "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"},
    vector{
        "rfc7515_a2_rs256",
        R"({"kty":"RSA","e":"AQAB",)"
        R"("n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm)"
        R"(4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdb)"
        R"(BYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNm)"
        R"(oudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"})",
        "eyJhbGciOiJSUzI1NiJ9",
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9"
        "uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB"
        "_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rq"
        "Vt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"},
    vector{"rfc7515_a3_es256",
           R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
           R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})",
           "eyJhbGciOiJFUzI1NiJ9",
           "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"},
    vector{"rfc8037_a4_eddsa",
           R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})",
           "eyJhbGciOiJFZERTQSJ9",
           "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"},
};

TEST(jwt_vectors, of_the_standards_are_signed_with_their_keys) {
    for (auto const& one : vectors) {
        auto const keys = jwk_set::parse(R"({"keys":[)" + std::string{one.key} + "]}");
        ASSERT_TRUE(keys) << one.name << ": " << keys.error().message;
        auto const signature = from_base64url(one.signature);
        ASSERT_TRUE(signature) << one.name;
        bool const is_eddsa = one.name == "rfc8037_a4_eddsa";
        auto const payload = is_eddsa ? "RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc" : joe;
        auto const text = std::string{one.text} + "." + std::string{payload};
        EXPECT_TRUE(is_signed_with(keys->keys().at(0), text, *signature)) << one.name;
        EXPECT_FALSE(is_signed_with(keys->keys().at(0), text + "A", *signature)) << one.name;
        EXPECT_FALSE(is_signed_with(keys->keys().at(0), text, "")) << one.name;
        for (auto const& other : vectors) {
            if (other.name == one.name) continue;
            auto const wrong = jwk_set::parse(R"({"keys":[)" + std::string{other.key} + "]}").value();
            EXPECT_FALSE(is_signed_with(wrong.keys().at(0), text, *signature)) << one.name << other.name;
        }
    }
}

}  // namespace
}  // namespace parley::test
