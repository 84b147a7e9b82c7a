// Keys and tokens as an issuer, or somebody who would like to be one, makes them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;  // OpenSSL's

namespace parley::test {

/// What base64url of the bytes is.
[[nodiscard]] std::string encoded(std::string_view bytes);

/// "header.claims", both base64url.
[[nodiscard]] std::string to_sign(std::string_view header, std::string_view claims);

/// A key pair, or a secret.
class signing_key {
public:
    [[nodiscard]] static signing_key rsa(unsigned bits = 2048);
    [[nodiscard]] static signing_key p256();
    [[nodiscard]] static signing_key ed25519();
    [[nodiscard]] static signing_key secret(std::string bytes);

    /// As a member of "keys", the public part; `more` is put in as it is: ",\"kid\":\"a\"".
    [[nodiscard]] std::string jwk(std::string_view more = {}) const;

    /// The signature's bytes as a token has them. `digest` is OpenSSL's name of one.
    [[nodiscard]] std::string sign(std::string_view text, char const* digest = "SHA256") const;
    /// A whole token.
    [[nodiscard]] std::string token(std::string_view header, std::string_view claims) const;

    /// RSA: the other padding (PS256).
    [[nodiscard]] std::string sign_pss(std::string_view text) const;

    /// The public key in PEM and in DER.
    [[nodiscard]] std::string pem() const;
    [[nodiscard]] std::string der() const;

private:
    enum class kind : std::uint8_t { rsa, p256, ed25519, secret };
    kind kind_ = kind::secret;
    std::shared_ptr<evp_pkey_st> pair_;
    std::string secret_;
};

/// Two numbers of 32 bytes, as ES256 has them, in DER.
[[nodiscard]] std::string in_der(std::string_view both);

/// Keys of each algorithm, made once, and the set of them: kid "hs", "rs", "es", "ed".
struct issuer_keys {
    signing_key hs;
    signing_key rs;
    signing_key es;
    signing_key ed;
    std::string set;
};
[[nodiscard]] issuer_keys const& issuer();

/// {"iss":"https://issuer.example","aud":"parley","sub":"alice","exp":2000000000}
extern std::string_view const good_claims;

}  // namespace parley::test
