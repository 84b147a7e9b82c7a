#include "unit/modules/identity/token_maker.hpp"

#include "common/base64url.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

namespace parley::test {
namespace {

using bytes = std::vector<unsigned char>;

unsigned char const* raw(std::string_view text) {
    return reinterpret_cast<unsigned char const*>(text.data());
}

std::string text_of(bytes const& from) { return {from.begin(), from.end()}; }

void must(bool good) {
    if (!good) throw std::runtime_error("OpenSSL");
}

std::string number_of(EVP_PKEY* key, char const* name, int size = 0) {
    BIGNUM* number = nullptr;
    must(EVP_PKEY_get_bn_param(key, name, &number) == 1);
    bytes out(static_cast<std::size_t>(size == 0 ? BN_num_bytes(number) : size));
    must(BN_bn2binpad(number, out.data(), static_cast<int>(out.size())) > 0);
    BN_free(number);
    return text_of(out);
}

/// The two numbers of 32 bytes that stand in the DER.
std::string out_of_der(std::string_view der) {
    auto const* at = raw(der);
    auto* const pair = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    must(pair != nullptr);
    bytes out(64);
    must(BN_bn2binpad(ECDSA_SIG_get0_r(pair), out.data(), 32) == 32);
    must(BN_bn2binpad(ECDSA_SIG_get0_s(pair), out.data() + 32, 32) == 32);
    ECDSA_SIG_free(pair);
    return text_of(out);
}

std::string signed_by(EVP_PKEY* key, EVP_MD const* digest, std::string_view text, int padding) {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    EVP_PKEY_CTX* how = nullptr;
    must(EVP_DigestSignInit(context.get(), &how, digest, nullptr, key) == 1);
    if (padding != 0) must(EVP_PKEY_CTX_set_rsa_padding(how, padding) == 1);
    std::size_t size = 0;
    must(EVP_DigestSign(context.get(), nullptr, &size, raw(text), text.size()) == 1);
    bytes out(size);
    must(EVP_DigestSign(context.get(), out.data(), &size, raw(text), text.size()) == 1);
    out.resize(size);
    return text_of(out);
}

std::shared_ptr<EVP_PKEY> own(EVP_PKEY* key) {
    must(key != nullptr);
    return {key, EVP_PKEY_free};
}

}  // namespace

std::string encoded(std::string_view text) { return to_base64url({raw(text), text.size()}); }

std::string to_sign(std::string_view header, std::string_view claims) {
    return encoded(header) + "." + encoded(claims);
}

signing_key signing_key::rsa(unsigned bits) {
    signing_key out;
    out.kind_ = kind::rsa;
    out.pair_ = own(EVP_RSA_gen(bits));
    return out;
}

signing_key signing_key::p256() {
    signing_key out;
    out.kind_ = kind::p256;
    out.pair_ = own(EVP_EC_gen("P-256"));
    return out;
}

signing_key signing_key::ed25519() {
    signing_key out;
    out.kind_ = kind::ed25519;
    out.pair_ = own(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    return out;
}

signing_key signing_key::secret(std::string from) {
    signing_key out;
    out.secret_ = std::move(from);
    return out;
}

std::string signing_key::jwk(std::string_view more) const {
    std::string out = "{";
    auto const add = [&](char const* name, std::string const& value) {
        out += std::string{out.size() == 1 ? "\"" : ",\""} + name + "\":\"" + value + "\"";
    };
    if (kind_ == kind::secret) {
        add("kty", "oct");
        add("alg", "HS256");
        add("k", encoded(secret_));
    } else if (kind_ == kind::rsa) {
        add("kty", "RSA");
        add("n", encoded(number_of(pair_.get(), OSSL_PKEY_PARAM_RSA_N)));
        add("e", encoded(number_of(pair_.get(), OSSL_PKEY_PARAM_RSA_E)));
    } else if (kind_ == kind::p256) {
        add("kty", "EC");
        add("crv", "P-256");
        add("x", encoded(number_of(pair_.get(), OSSL_PKEY_PARAM_EC_PUB_X, 32)));
        add("y", encoded(number_of(pair_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, 32)));
    } else {
        bytes point(32);
        auto size = point.size();
        must(EVP_PKEY_get_raw_public_key(pair_.get(), point.data(), &size) == 1);
        add("kty", "OKP");
        add("crv", "Ed25519");
        add("x", encoded(text_of(point)));
    }
    return out + std::string{more} + "}";
}

std::string signing_key::sign(std::string_view text, char const* digest) const {
    auto const* const how = EVP_get_digestbyname(digest);
    if (kind_ == kind::secret) {
        std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
        unsigned size = 0;
        must(HMAC(how, secret_.data(), static_cast<int>(secret_.size()), raw(text), text.size(), out.data(),
                  &size) != nullptr);
        return {out.begin(), out.begin() + size};
    }
    if (kind_ == kind::ed25519) return signed_by(pair_.get(), nullptr, text, 0);
    auto const made = signed_by(pair_.get(), how, text, 0);
    return kind_ == kind::p256 ? out_of_der(made) : made;
}

std::string signing_key::sign_pss(std::string_view text) const {
    return signed_by(pair_.get(), EVP_sha256(), text, RSA_PKCS1_PSS_PADDING);
}

std::string signing_key::token(std::string_view header, std::string_view claims) const {
    auto const text = to_sign(header, claims);
    return text + "." + encoded(sign(text));
}

std::string signing_key::pem() const {
    auto* const to = BIO_new(BIO_s_mem());
    must(PEM_write_bio_PUBKEY(to, pair_.get()) == 1);
    char* at = nullptr;
    auto const size = BIO_get_mem_data(to, &at);
    std::string out(at, static_cast<std::size_t>(size));
    BIO_free(to);
    return out;
}

std::string signing_key::der() const {
    unsigned char* at = nullptr;
    auto const size = i2d_PUBKEY(pair_.get(), &at);
    must(size > 0);
    std::string out(reinterpret_cast<char const*>(at), static_cast<std::size_t>(size));
    OPENSSL_free(at);
    return out;
}

std::string in_der(std::string_view both) {
    auto* const pair = ECDSA_SIG_new();
    ECDSA_SIG_set0(pair, BN_bin2bn(raw(both), 32, nullptr), BN_bin2bn(raw(both.substr(32)), 32, nullptr));
    unsigned char* at = nullptr;
    auto const size = i2d_ECDSA_SIG(pair, &at);
    must(size > 0);
    std::string out(reinterpret_cast<char const*>(at), static_cast<std::size_t>(size));
    OPENSSL_free(at);
    ECDSA_SIG_free(pair);
    return out;
}

issuer_keys const& issuer() {
    static issuer_keys const all = [] {
        issuer_keys made{signing_key::secret(std::string(32, 's')),
                         signing_key::rsa(),
                         signing_key::p256(),
                         signing_key::ed25519(),
                         {}};
        made.set = R"({"keys":[)" + made.hs.jwk(R"(,"kid":"hs")") + "," + made.rs.jwk(R"(,"kid":"rs")") +
                   "," + made.es.jwk(R"(,"kid":"es")") + "," + made.ed.jwk(R"(,"kid":"ed")") + "]}";
        return made;
    }();
    return all;
}

std::string_view const good_claims =
    R"({"iss":"https://issuer.example","aud":"parley","sub":"alice","exp":2000000000})";

}  // namespace parley::test
