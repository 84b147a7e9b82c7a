// Characters and words of protocols: ASCII, without locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parley {

[[nodiscard]] constexpr char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

[[nodiscard]] inline std::string ascii_lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) c = ascii_lower(c);
    return out;
}

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_alphanumeric(char c) {
    return is_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

/// tchar of RFC 9110 §5.6.2.
[[nodiscard]] constexpr bool is_token_char(char c) {
    return is_alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

[[nodiscard]] constexpr bool same_word(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
    }
    return true;
}

/// Without the blanks of HTTP (space, tab) at both ends.
[[nodiscard]] constexpr std::string_view without_blanks(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts the first member off a list with commas between; without its blanks.
[[nodiscard]] constexpr std::string_view take_member(std::string_view& list) {
    auto const comma = list.find(',');
    auto const member = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    return without_blanks(member);
}

/// 0–15, or -1 for a character that is no hexadecimal digit.
[[nodiscard]] constexpr int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    auto const lower = ascii_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace parley
