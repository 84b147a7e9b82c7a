// Passwords in URIs: found, and left out of what is shown. Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace parley {

/// Whether the URI names a password before its host, or in a parameter whose name ends in "password".
[[nodiscard]] bool has_password(std::string_view uri);

/// The URI with *** in place of each password.
[[nodiscard]] std::string without_password(std::string_view uri);

}  // namespace parley
