// SHA-256 (FIPS 180-4) of a text. Thread safety: plain functions, and a stream for one caller.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // OpenSSL's

namespace parley {

using sha256_digest = std::array<std::uint8_t, 32>;

[[nodiscard]] sha256_digest sha256(std::string_view text);

[[nodiscard]] std::string hex(sha256_digest const& digest);

/// The same of a text that comes in pieces. Thread safety: none.
class sha256_stream {
public:
    sha256_stream();
    void add(std::string_view piece);
    /// Once, after the last piece.
    [[nodiscard]] sha256_digest finish();

private:
    struct free_context {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, free_context> context_;
};

/// Takes as long for digests that differ early as for those that differ late.
[[nodiscard]] bool equal_in_constant_time(sha256_digest const& one, sha256_digest const& other);

}  // namespace parley
