// Base64url without padding (RFC 4648 §5), as JSON Web Tokens and keys use it. Thread safety: plain
// functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley {

[[nodiscard]] std::string to_base64url(std::span<std::uint8_t const> bytes);

/// Nullopt for anything but the one way to write these bytes: padding, other characters, bits beyond the last
/// byte.
[[nodiscard]] std::optional<std::string> from_base64url(std::string_view text);

}  // namespace parley
