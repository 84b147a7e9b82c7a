#include "modules/transform/number_run.hpp"

#include "modules/transform/code_points.hpp"

#include <array>
#include <charconv>

namespace parley {
namespace {

constexpr std::size_t longest_gap = 3;  // characters

bool is_space(char32_t c) { return c == U' ' || c == 0xa0 || c == 0x2009 || c == 0x202f || c == 0x3000; }

bool is_dash(char32_t c) { return c == U'-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xff0d; }

bool is_parenthesis(char32_t c) { return c == U'(' || c == U')' || c == 0xff08 || c == 0xff09; }

/// Where the next group begins if a separator of a number stands at `at`; `at` when none does.
std::size_t behind_gap(std::string_view text, std::size_t at) {
    std::size_t spaces = 0;
    std::size_t dashes = 0;
    std::size_t parentheses = 0;
    std::size_t others = 0;
    auto end = at;
    for (std::size_t count = 0; count <= longest_gap; ++count) {
        auto const c = code_point_at(text, end);
        if (count > 0 && digit_value(c.value) >= 0) {
            auto const fits = others > 0   ? others == 1 && (count == 1 || spaces == 2)
                              : dashes > 0 ? dashes == 1 && (count == 1 || parentheses > 0 || spaces == 2)
                                           : spaces <= 1 || parentheses > 0;
            return fits ? end : at;
        }
        if (is_space(c.value)) {
            ++spaces;
        } else if (is_dash(c.value)) {
            ++dashes;
        } else if (is_parenthesis(c.value)) {
            ++parentheses;
        } else if (c.value == U'.' || c.value == U'/') {
            ++others;
        } else {
            return at;
        }
        end += c.size;
    }
    return at;
}

int value_of(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

bool is_day_and_month(int a, int b) {
    return a >= 1 && b >= 1 && ((a <= 31 && b <= 12) || (a <= 12 && b <= 31));
}

}  // namespace

number_run next_number_run(std::string_view text, std::size_t from) {
    number_run run;
    auto at = from;
    while (at < text.size() && digit_value(code_point_at(text, at).value) < 0)
        at += code_point_at(text, at).size;
    while (at < text.size()) {
        digit_group group{at, at, run.digits.size(), 0};
        for (auto c = code_point_at(text, at); digit_value(c.value) >= 0; c = code_point_at(text, at)) {
            run.digits.push_back(static_cast<char>('0' + digit_value(c.value)));
            at += c.size;
        }
        group.end = at;
        group.size = run.digits.size() - group.digits_at;
        run.groups.push_back(group);
        auto const next = behind_gap(text, at);
        if (next == at) break;
        at = next;
    }
    return run;
}

bool has_space(std::string_view gap) {
    for (std::size_t at = 0; at < gap.size(); at += code_point_at(gap, at).size) {
        if (is_space(code_point_at(gap, at).value)) return true;
    }
    return false;
}

std::size_t date_groups(std::string_view text, number_run const& run, std::size_t first) {
    if (first + 2 >= run.groups.size()) return 0;
    auto const gap = run.gap(text, first);
    if (gap.size() != 1 || gap == " " || gap != run.gap(text, first + 1)) return 0;
    // 06.12.34.56.78 begins like a date.
    if (first + 3 < run.groups.size() && run.gap(text, first + 2) == gap) return 0;
    auto const& [a, b, c] =
        std::array{run.groups[first].size, run.groups[first + 1].size, run.groups[first + 2].size};
    auto const year_first = a == 4 && b <= 2 && c <= 2;
    auto const year_last = a <= 2 && b <= 2 && (c == 2 || c == 4);
    if (!year_first && !year_last) return 0;
    auto const part = [&](std::size_t i) { return value_of(run.digits_of(first + i, first + i)); };
    return is_day_and_month(part(year_first ? 1 : 0), part(year_first ? 2 : 1)) ? 3 : 0;
}

}  // namespace parley
