// The Accept-Encoding header (RFC 9110 §12.5.3). Thread safety: plain functions.
#pragma once

#include <string_view>

namespace parley::http {

/// How much a client wants a coding, in thousandths; 0: not at all. Members that are not understood count as
/// none. What is not named and not meant by `*` is not wanted; but for `identity`, which everybody can read:
/// that is wanted least.
[[nodiscard]] int coding_weight(std::string_view accept_encoding, std::string_view coding);

}  // namespace parley::http
