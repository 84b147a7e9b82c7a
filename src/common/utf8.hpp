// Checks and cuts of UTF-8 text (RFC 3629).
#pragma once

#include <cstddef>
#include <string_view>

namespace parley {

/// True when every byte belongs to a well-formed sequence: no overlong forms, no surrogates, nothing above
/// U+10FFFF.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Length in bytes of the longest prefix that ends on a character boundary and is at most `longest` bytes.
/// The text must be valid UTF-8, or cut off within its last character.
[[nodiscard]] std::size_t utf8_prefix(std::string_view text, std::size_t longest);

/// Bytes at the end of `text` that begin a character without finishing it (0–3). For text that arrives in
/// pieces.
[[nodiscard]] std::size_t utf8_incomplete_tail(std::string_view text);

/// Length in bytes of the well-formed character that `text` begins with (1–4); 0 when there is none.
[[nodiscard]] std::size_t utf8_first(std::string_view text);

/// What stands for bytes that are no character: U+FFFD.
inline constexpr std::string_view utf8_replacement = "\xef\xbf\xbd";

/// Number of code points of a valid text.
[[nodiscard]] std::size_t utf8_length(std::string_view text);

}  // namespace parley
