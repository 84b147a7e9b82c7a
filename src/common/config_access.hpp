// What a single text must be that says who may ask. Each function answers with a sentence about what is wrong
// and what would be right; an empty one: all is well.
#pragma once

#include <string>
#include <string_view>

namespace parley {

/// An address or a network that a trusted proxy has: "10.0.0.7", "10.0.0.0/8", "fd00::/8".
[[nodiscard]] std::string problem_of_proxy(std::string const& text);

/// The header in which a proxy says who asks.
[[nodiscard]] std::string problem_of_user_header(std::string_view name);

/// An origin as browsers write it (RFC 6454 §6.2): scheme, host and, when it is not the scheme's own, port.
[[nodiscard]] std::string problem_of_origin(std::string_view text);

}  // namespace parley
