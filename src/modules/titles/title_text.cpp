#include "modules/titles/title_text.hpp"

#include "common/ascii.hpp"
#include "common/utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace parley {
namespace {

constexpr std::string_view ellipsis = "…";

constexpr std::array<std::string_view, 12> quotes{"\"", "'", "`", "“", "”",  "„",
                                                  "‘",  "’", "«", "»", "「", "」"};
/// Of Markdown, as models put them around a title.
constexpr std::array<std::string_view, 5> marks{"*", "_", "#", "-", ">"};
/// That nobody sees, and that turn the direction of what stands beside it: zero width, bidi controls, BOM.
constexpr std::array<std::string_view, 16> invisible{
    "\u200B", "\u200C", "\u200D", "\u200E", "\u200F", "\u202A", "\u202B", "\u202C",
    "\u202D", "\u202E", "\u2060", "\u2066", "\u2067", "\u2068", "\u2069", "\uFEFF"};
constexpr std::array<std::string_view, 3> labels{"title:", "titel:", "subject:"};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

bool strip_any(std::string_view& text, std::span<std::string_view const> of) {
    for (auto const mark : of) {
        if (text.starts_with(mark)) return text.remove_prefix(mark.size()), true;
        if (text.ends_with(mark)) return text.remove_suffix(mark.size()), true;
    }
    return false;
}

bool strip_quotes(std::string_view& text) { return strip_any(text, quotes) || strip_any(text, invisible); }

bool strip_wrapping(std::string_view& text) { return strip_quotes(text) || strip_any(text, marks); }

bool strip_label(std::string_view& text) {
    for (auto const label : labels) {
        if (text.size() >= label.size() && same_word(text.substr(0, label.size()), label)) {
            return text.remove_prefix(label.size()), true;
        }
    }
    return false;
}

/// Runs of white space and control characters become one space.
std::string in_one_line(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (char const c : text) {
        bool const blank = is_space(c) || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        if (!blank) {
            out.push_back(c);
        } else if (!out.empty() && out.back() != ' ') {
            out.push_back(' ');
        }
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

/// Bytes of the first `most` code points.
std::size_t bytes_of(std::string_view text, std::size_t most) {
    std::size_t at = 0;
    while (at < text.size() && most > 0) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) ++at;
        --most;
    }
    return at;
}

}  // namespace

std::string clean_title(std::string_view said) {
    while (!said.empty()) {
        auto const end = std::min(said.find('\n'), said.size());
        auto line = trimmed(said.substr(0, end));
        said.remove_prefix(std::min(end + 1, said.size()));
        while (strip_wrapping(line) || strip_label(line)) line = trimmed(line);
        if (line.ends_with('.') && !line.ends_with("..")) line.remove_suffix(1);
        auto title = in_one_line(line);
        if (title.empty()) continue;
        return utf8_length(title) <= longest_title ? title : std::string{};
    }
    return {};
}

std::string title_from_words(std::string_view words) {
    auto trimmed_words = trimmed(words);
    while (strip_quotes(trimmed_words)) trimmed_words = trimmed(trimmed_words);
    auto line = in_one_line(trimmed_words);
    if (utf8_length(line) <= longest_title) return line;
    auto cut = bytes_of(line, longest_title - 1);
    auto const space = line.rfind(' ', cut);
    // Languages without spaces, and words as long as a title, are cut anywhere.
    if (space != std::string::npos && space > cut / 2) cut = space;
    line.resize(cut);
    return line + std::string{ellipsis};
}

}  // namespace parley
