#include "common/sha256.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdexcept>

namespace parley {

sha256_digest sha256(std::string_view text) {
    sha256_digest out{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), out.data(), &size, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL has no SHA-256");
    }
    return out;
}

std::string hex(sha256_digest const& digest) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (auto const byte : digest) {
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 15]);
    }
    return out;
}

void sha256_stream::free_context::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

sha256_stream::sha256_stream() : context_(EVP_MD_CTX_new()) {
    if (context_ == nullptr || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL has no SHA-256");
    }
}

void sha256_stream::add(std::string_view piece) {
    if (EVP_DigestUpdate(context_.get(), piece.data(), piece.size()) != 1) {
        throw std::runtime_error("OpenSSL can not go on with SHA-256");
    }
}

sha256_digest sha256_stream::finish() {
    sha256_digest out{};
    unsigned size = 0;
    if (EVP_DigestFinal_ex(context_.get(), out.data(), &size) != 1) {
        throw std::runtime_error("OpenSSL can not end SHA-256");
    }
    return out;
}

bool equal_in_constant_time(sha256_digest const& one, sha256_digest const& other) {
    return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace parley
