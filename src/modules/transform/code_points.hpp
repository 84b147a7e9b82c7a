// Characters of UTF-8 text, forwards and backwards. Pure functions; a byte that is no UTF-8 counts as a
// character of its own, so nothing here fails or reads beyond the text.
#pragma once

#include <cstddef>
#include <string_view>

namespace parley {

struct code_point {
    char32_t value = 0;    // 0 when there is none
    std::size_t size = 0;  // in bytes; 0 when there is none
};

/// The character that begins at byte `at`.
[[nodiscard]] code_point code_point_at(std::string_view text, std::size_t at);

/// The character that ends before byte `at`.
[[nodiscard]] code_point code_point_before(std::string_view text, std::size_t at);

[[nodiscard]] constexpr bool is_ascii_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
[[nodiscard]] constexpr bool is_ascii_letter(char32_t c) {
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}
[[nodiscard]] constexpr bool is_ascii_word(char32_t c) {
    return is_ascii_letter(c) || is_ascii_digit(c) || c == U'_';
}

/// 0–9 for a decimal digit: ASCII, Arabic-Indic, Persian, Devanagari, Bengali, full width. Otherwise -1.
[[nodiscard]] int digit_value(char32_t c);

/// A character beyond ASCII that belongs to a word: no punctuation, space, symbol or emoji.
[[nodiscard]] bool is_wide_letter(char32_t c);

/// A letter of a script that is written without spaces or glues its endings on (Chinese, Japanese, Korean,
/// Thai, …): a word in Latin letters ends where such a letter begins.
[[nodiscard]] bool is_unspaced_letter(char32_t c);

}  // namespace parley
