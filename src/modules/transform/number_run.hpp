// Digits that may be one number written in groups: "0171 234-56 78". What payment cards and phone numbers are
// searched in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

struct digit_group {
    std::size_t begin = 0;
    std::size_t end = 0;        // in bytes of the text
    std::size_t digits_at = 0;  // of its first digit in number_run::digits
    std::size_t size = 0;       // digits
};

struct number_run {
    std::vector<digit_group> groups;
    std::string digits;  // of all groups, as ASCII

    [[nodiscard]] std::string_view digits_of(std::size_t first, std::size_t last) const {
        auto const begin = groups[first].digits_at;
        return std::string_view{digits}.substr(begin, groups[last].digits_at + groups[last].size - begin);
    }
    /// What stands between group `i` and the one after it.
    [[nodiscard]] std::string_view gap(std::string_view text, std::size_t i) const {
        return text.substr(groups[i].end, groups[i + 1].begin - groups[i].end);
    }
};

/// The run that begins with the first digit at or behind `from`; no groups when there is no digit. Two groups
/// belong together when there is one separator between them, a parenthesis with a space, or a dash or a slash
/// with spaces around it.
[[nodiscard]] number_run next_number_run(std::string_view text, std::size_t from);

/// Whether the gap has a space in it, of whatever kind.
[[nodiscard]] bool has_space(std::string_view gap);

/// How many groups from `first` on are a date (2024-01-31, 31.01.2024, 1/31/24); 0 when they are none.
[[nodiscard]] std::size_t date_groups(std::string_view text, number_run const& run, std::size_t first);

}  // namespace parley
