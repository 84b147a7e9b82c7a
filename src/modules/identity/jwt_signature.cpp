#include "modules/identity/jwt_signature.hpp"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>

namespace parley {
namespace {

unsigned char const* raw(std::string_view bytes) {
    return reinterpret_cast<unsigned char const*>(bytes.data());
}

bool is_hmac(std::string const& secret, std::string_view text, std::string_view signature) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> made{};
    unsigned size = 0;
    auto const* done = HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), raw(text),
                            text.size(), made.data(), &size);
    return done != nullptr && signature.size() == size &&
           CRYPTO_memcmp(made.data(), signature.data(), size) == 0;
}

bool verify(EVP_PKEY* key, EVP_MD const* digest, std::string_view text, std::string_view signature) {
    struct freed {
        void operator()(EVP_MD_CTX* one) const { EVP_MD_CTX_free(one); }
    };
    std::unique_ptr<EVP_MD_CTX, freed> const context{EVP_MD_CTX_new()};
    bool const good =
        context && EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
        EVP_DigestVerify(context.get(), raw(signature), signature.size(), raw(text), text.size()) == 1;
    ERR_clear_error();  // of a bad signature: nobody reads it, and it would pile up on this thread
    return good;
}

/// OpenSSL wants the two numbers in DER. Empty when they are none.
std::string in_der(std::string_view both) {
    constexpr std::size_t each = 32;
    if (both.size() != 2 * each) return {};
    struct freed {
        void operator()(ECDSA_SIG* one) const { ECDSA_SIG_free(one); }
    };
    std::unique_ptr<ECDSA_SIG, freed> const pair{ECDSA_SIG_new()};
    auto* const r = BN_bin2bn(raw(both), each, nullptr);
    auto* const s = BN_bin2bn(raw(both.substr(each)), each, nullptr);
    if (!pair || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* der = nullptr;
    auto const size = i2d_ECDSA_SIG(pair.get(), &der);
    std::string out;
    if (size > 0) out.assign(reinterpret_cast<char const*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

}  // namespace

bool is_signed_with(jwk const& key, std::string_view text, std::string_view signature) {
    switch (key.algorithm) {
        case jwt_algorithm::hs256:
            return is_hmac(key.secret, text, signature);
        case jwt_algorithm::rs256:
            return verify(key.pkey.get(), EVP_sha256(), text, signature);
        case jwt_algorithm::es256: {
            auto const der = in_der(signature);
            return !der.empty() && verify(key.pkey.get(), EVP_sha256(), text, der);
        }
        case jwt_algorithm::eddsa:
            return verify(key.pkey.get(), nullptr, text, signature);
    }
    return false;
}

}  // namespace parley
