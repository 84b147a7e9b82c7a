#include "modules/transform/email_addresses.hpp"

#include "modules/transform/code_points.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace parley {
namespace {

// RFC 5321 §4.5.3.1; a local part in another script takes more bytes than 64.
constexpr std::size_t longest_local = 128;
constexpr std::size_t longest_domain = 255;
constexpr std::size_t longest_label = 63;

constexpr std::string_view signs_of_a_local_part = "._%+-'&~";
constexpr std::array<std::string_view, 6> file_endings{"png", "jpg", "jpeg", "gif", "svg", "webp"};

bool is_local(char32_t c) {
    if (c >= 0x80) return is_wide_letter(c) || digit_value(c) >= 0;
    return is_ascii_word(c) || signs_of_a_local_part.find(static_cast<char>(c)) != std::string_view::npos;
}

bool is_label(char32_t c) {
    return is_ascii_letter(c) || is_ascii_digit(c) || c == U'-' || is_wide_letter(c);
}

/// Where the local part that ends at `end` begins; `end` when there is none. It stays within one way of
/// writing, so that the Chinese sentence before a Latin address does not belong to it.
std::size_t local_begin(std::string_view text, std::size_t from, std::size_t end) {
    auto const unspaced = is_unspaced_letter(code_point_before(text, end).value);
    auto begin = end;
    while (begin > from && end - begin < longest_local) {
        auto const c = code_point_before(text, begin);
        auto const fits = c.value < 0x80 || is_unspaced_letter(c.value) == unspaced;
        if (!is_local(c.value) || !fits || c.size > begin - from) break;
        begin -= c.size;
    }
    while (begin < end) {
        auto const c = code_point_at(text, begin);
        if (c.value >= 0x80 || is_ascii_word(c.value) || c.value == U'+') break;
        begin += c.size;
    }
    return begin;
}

/// Where the label that begins at `begin` ends.
std::size_t label_end(std::string_view text, std::size_t begin) {
    auto const unspaced = is_unspaced_letter(code_point_at(text, begin).value);
    auto end = begin;
    while (end < text.size() && end - begin < longest_label * 4) {
        auto const c = code_point_at(text, end);
        auto const fits =
            c.value < 0x80 ? !unspaced || is_ascii_digit(c.value) : is_unspaced_letter(c.value) == unspaced;
        if (!is_label(c.value) || !fits) break;
        end += c.size;
    }
    while (end > begin && text[end - 1] == '-') --end;
    return end;
}

/// Where the letters that a top-level domain is made of end; `begin` when it is none.
std::size_t top_level_end(std::string_view text, std::size_t begin, std::size_t label_end) {
    if (text.substr(begin, label_end - begin).starts_with("xn--")) return label_end;
    auto end = begin;
    std::size_t letters = 0;
    for (; end < label_end; ++letters) {
        auto const c = code_point_at(text, end);
        if (!is_ascii_letter(c.value) && !is_wide_letter(c.value)) break;
        end += c.size;
    }
    auto const goes_on = end < label_end && text[end] != '-';
    return letters < 2 || goes_on ? begin : end;
}

bool is_file_ending(std::string_view label) {
    std::string lower{label};
    for (auto& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::ranges::find(file_endings, lower) != file_endings.end();
}

/// The longest domain that begins at `begin`.
std::optional<std::size_t> domain_end(std::string_view text, std::size_t begin) {
    std::optional<std::size_t> found;
    auto at = begin;
    for (std::size_t labels = 1; at < text.size() && at - begin < longest_domain; ++labels) {
        auto const end = label_end(text, at);
        if (end == at || text[at] == '-') break;
        auto const top = top_level_end(text, at, end);
        if (labels >= 2 && top != at) found = top;
        if (end >= text.size() || text[end] != '.') break;
        at = end + 1;
    }
    if (!found) return std::nullopt;
    auto const domain = text.substr(begin, *found - begin);
    auto const last = domain.substr(domain.rfind('.') + 1);
    if (is_file_ending(last)) return std::nullopt;
    return found;
}

/// https://user:secret@host, @user@host, git@host:path
bool belongs_to_something_else(std::string_view text, found_text const& one, std::size_t at_sign) {
    auto const before = text.substr(0, one.begin);
    if (before.ends_with('@')) return true;
    auto const line = before.substr(before.size() - std::min<std::size_t>(before.size(), 64));
    auto const scheme = line.rfind("://");
    if (scheme != std::string_view::npos &&
        line.find_first_of(" \t\r\n/?#,;<>()\"", scheme + 3) == std::string_view::npos) {
        return true;
    }
    return text.substr(one.begin, at_sign - one.begin) == "git" && one.end < text.size() &&
           text[one.end] == ':';
}

struct at_sign {
    std::size_t begin = std::string_view::npos;
    std::size_t size = 0;
};

at_sign next_at_sign(std::string_view text, std::size_t from) {
    constexpr std::string_view full_width = "\xef\xbc\xa0";
    for (auto at = from; at < text.size(); ++at) {
        if (text[at] == '@') return {at, 1};
        if (text[at] == full_width[0] && text.substr(at).starts_with(full_width))
            return {at, full_width.size()};
    }
    return {};
}

}  // namespace

found_texts find_email_addresses(std::string_view text) {
    found_texts found;
    std::size_t from = 0;
    for (auto sign = next_at_sign(text, 0); sign.size > 0;
         sign = next_at_sign(text, sign.begin + sign.size)) {
        auto const begin = local_begin(text, from, sign.begin);
        if (begin == sign.begin) continue;
        auto const end = domain_end(text, sign.begin + sign.size);
        if (!end) continue;
        found_text const one{begin, *end, masked::email};
        if (belongs_to_something_else(text, one, sign.begin)) continue;
        found.push_back(one);
        from = *end;
    }
    return found;
}

}  // namespace parley
