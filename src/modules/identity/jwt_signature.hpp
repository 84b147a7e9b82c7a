// Whether a text was signed with a key. Thread safety: plain functions.
#pragma once

#include "modules/identity/jwk_set.hpp"

#include <string_view>

namespace parley {

/// `signature`: its bytes as RFC 7518 has them, for ES256 both numbers one behind the other.
[[nodiscard]] bool is_signed_with(jwk const& key, std::string_view text, std::string_view signature);

}  // namespace parley
