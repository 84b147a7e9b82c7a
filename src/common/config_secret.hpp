// Secrets in addresses (scheme://user:password@host/?options): found, and left out of what is shown.
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace parley {

/// Whether there is a password before the host, or an option that holds one: its name ends in "password", in
/// any case, or is authMechanismProperties (of MongoDB, which may hold a token).
[[nodiscard]] bool has_secret(std::string_view address);

/// The address with *** in place of each secret.
[[nodiscard]] std::string without_secret(std::string_view address);

}  // namespace parley
