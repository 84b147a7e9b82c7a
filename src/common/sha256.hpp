// SHA-256 (FIPS 180-4) of a text. Thread safety: plain functions.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace parley {

using sha256_digest = std::array<std::uint8_t, 32>;

[[nodiscard]] sha256_digest sha256(std::string_view text);

/// Takes as long for digests that differ early as for those that differ late.
[[nodiscard]] bool equal_in_constant_time(sha256_digest const& one, sha256_digest const& other);

}  // namespace parley
