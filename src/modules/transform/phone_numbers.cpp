#include "modules/transform/phone_numbers.hpp"

#include "modules/transform/code_points.hpp"
#include "modules/transform/number_cues.hpp"
#include "modules/transform/phone_plans.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace parley {
namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::size_t most_digits = 18;    // with 00 and a zero in parentheses
constexpr std::size_t another_number = 5;  // digits of a run that words before it belong to
constexpr std::size_t enumeration = 6;     // bytes between two numbers of a list: " and ", ", "

bool is_open(char32_t c) { return c == U'(' || c == 0xff08; }
bool is_plus(char32_t c) { return c == U'+' || c == 0xff0b; }
bool is_currency(char32_t c) { return c == U'$' || (c >= 0xa2 && c <= 0xa5) || (c >= 0x20a0 && c <= 0x20cf); }

/// Where a number whose digits begin at `begin` begins: with its "(", "+", "(+" or "+(".
struct opening {
    std::size_t begin = 0;
    bool plus = false;
    bool parenthesis = false;
};

opening opening_of(std::string_view text, std::size_t begin) {
    opening found{begin};
    for (int i = 0; i < 2; ++i) {
        auto const c = code_point_before(text, found.begin);
        if (is_plus(c.value) && !found.plus) {
            found.plus = true;
        } else if (is_open(c.value) && !found.parenthesis) {
            found.parenthesis = true;
        } else {
            break;
        }
        found.begin -= c.size;
    }
    return found;
}

bool is_phone_glued_before(std::string_view text, std::size_t begin) {
    auto const before = code_point_before(text, begin);
    if (is_ascii_word(before.value) || is_currency(before.value)) return true;
    auto const further = code_point_before(text, begin - before.size).value;
    switch (before.value) {
        case U'-':
            return is_ascii_word(further);
        case U'.':
        case U',':
        case U':':
            return is_ascii_digit(further);
        case U'/':
        case U'\\':
        case U'#':
        case U'@':
        case U'&':
        case U'%':
        case U'+':
            return true;
        default:
            return false;
    }
}

bool is_phone_glued_behind(std::string_view text, std::size_t end) {
    auto const next = code_point_at(text, end);
    auto const further = code_point_at(text, end + next.size).value;
    if (next.value == U'x') return !is_ascii_digit(further);  // an extension
    if (is_ascii_word(next.value) || is_currency(next.value)) return true;
    switch (next.value) {
        case U'.':
        case U',':
        case U':':
            return is_ascii_digit(further);
        case U'-':
            return is_ascii_word(further);
        case U' ':
        case 0xa0:
            return is_currency(further);
        case U'@':
        case U'%':
        case U'=':
            return true;
        default:
            return false;
    }
}

/// A run can be left for good after group `last`: at its end, or at a space.
bool may_end_at(std::string_view text, number_run const& run, std::size_t last) {
    return last + 1 == run.groups.size() || has_space(run.gap(text, last));
}

/// 03 12 19 24 33 41 are no phone number and more.
bool goes_on_alike(number_run const& run, std::size_t last) {
    return last + 1 < run.groups.size() && run.groups[last + 1].size == run.groups[last].size;
}

/// "DE89 3704 0044 …", and the digits behind the bank's letters in "NL91 ABNA 0417 …".
bool belongs_to_iban(std::string_view text, number_run const& run) {
    auto const begin = run.groups.front().begin;
    auto const is_capital = [&](std::size_t back) {
        return text[begin - back] >= 'A' && text[begin - back] <= 'Z';
    };
    if (begin >= 2 && run.groups.front().size == 2 && is_capital(1) && is_capital(2)) return true;
    return begin >= 10 && text[begin - 1] == ' ' && is_capital(2) && is_capital(3) && is_capital(4) &&
           is_capital(5) && text[begin - 6] == ' ' &&
           is_ascii_digit(static_cast<unsigned char>(text[begin - 7])) &&
           is_ascii_digit(static_cast<unsigned char>(text[begin - 8])) && is_capital(9) && is_capital(10);
}

std::string shape_of(number_run const& run, std::size_t first, std::size_t last) {
    std::string shape;
    for (auto i = first; i <= last; ++i) {
        shape.push_back(run.groups[i].size > 9 ? 'X' : static_cast<char>('0' + run.groups[i].size));
    }
    return shape;
}

/// The digits behind "+", "00" or "011", without the zero of "+44 (0)20"; nothing when there is no such
/// beginning.
std::optional<std::string> international_digits(std::string_view text, number_run const& run,
                                                std::size_t first, std::size_t last) {
    std::string digits{run.digits_of(first, last)};
    auto const zero = first + 1;
    if (zero < last && run.groups[zero].size == 1 && run.gap(text, first).ends_with('(') &&
        run.gap(text, zero).starts_with(')')) {
        digits.erase(run.groups[zero].digits_at - run.groups[first].digits_at, 1);
    }
    if (opening_of(text, run.groups[first].begin).plus) return digits;
    if (digits.starts_with("00")) return digits.substr(2);
    if (run.groups[first].size == 3 && digits.starts_with("011")) return digits.substr(3);
    return std::nullopt;
}

}  // namespace

std::size_t phone_finder::last_of_international(number_run const& run, std::size_t first,
                                                std::size_t until) const {
    auto const opened = opening_of(text_, run.groups[first].begin);
    auto const before = code_point_before(text_, opened.begin).value;
    if (is_ascii_word(before) || (!opened.plus && is_phone_glued_before(text_, opened.begin))) return none;
    auto found = none;
    for (auto last = first; last < run.groups.size(); ++last) {
        if (run.digits_of(first, last).size() > most_digits || run.groups[last].end > until) break;
        auto const digits = international_digits(text_, run, first, last);
        if (!digits) return none;
        if (!may_end_at(text_, run, last) || is_phone_glued_behind(text_, run.groups[last].end)) continue;
        if (is_international_number(*digits)) found = last;
    }
    return found;
}

std::size_t phone_finder::last_of_national(number_run const& run, std::size_t first,
                                           std::size_t until) const {
    auto const opened = opening_of(text_, run.groups[first].begin);
    if (opened.plus || is_phone_glued_before(text_, opened.begin)) return none;
    auto found = none;
    std::optional<number_cue> cue;
    for (auto last = first; last < run.groups.size(); ++last) {
        auto const digits = run.digits_of(first, last);
        if (digits.size() > most_digits || run.groups[last].end > until) break;
        if (digits.size() < 7 || !may_end_at(text_, run, last) || goes_on_alike(run, last)) continue;
        if (is_phone_glued_behind(text_, run.groups[last].end)) continue;
        if (!cue) {
            auto const listed = last_end_ != none && opened.begin - last_end_ <= enumeration;
            cue = listed ? number_cue::phone : cue_before(text_, barrier_, opened.begin);
        }
        auto const last_gap = last == first ? '\0' : run.gap(text_, last - 1)[0];
        if (is_national_number({digits, shape_of(run, first, last), opened.parenthesis, last_gap, *cue})) {
            found = last;
        }
    }
    return found;
}

found_texts phone_finder::in(number_run const& run, found_texts const& taken) {
    found_texts found;
    auto fresh = true;  // a number without "+" or "(" may begin here
    auto other = taken.begin();
    for (std::size_t first = belongs_to_iban(text_, run) ? run.groups.size() : 0;
         first < run.groups.size();) {
        auto const& group = run.groups[first];
        while (other != taken.end() && other->end <= group.begin) ++other;
        auto const until = other == taken.end() ? none : other->begin;
        if (until < group.end) {
            fresh = true;
            ++first;
            continue;
        }
        if (auto const date = date_groups(text_, run, first); date > 0) {
            first += date;
            continue;
        }
        auto const opened = opening_of(text_, group.begin);
        auto last = none;
        if (fresh || opened.plus) last = last_of_international(run, first, until);
        if (last == none && (fresh || opened.parenthesis)) last = last_of_national(run, first, until);
        fresh = last != none;
        if (last == none) {
            ++first;
            continue;
        }
        auto const end = run.groups[last].end;
        auto const closed = text_.substr(opened.begin, end - opened.begin).find_first_of(")\xef") != none;
        found.push_back(
            {opened.parenthesis && !closed ? opened.begin + 1 : opened.begin, end, masked::phone});
        last_end_ = end;
        first = last + 1;
    }
    if (run.digits.size() >= another_number) barrier_ = run.groups.back().end;
    return found;
}

}  // namespace parley
