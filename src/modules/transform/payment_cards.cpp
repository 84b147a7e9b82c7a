#include "modules/transform/payment_cards.hpp"

#include "modules/transform/code_points.hpp"

#include <algorithm>
#include <array>

namespace parley {
namespace {

constexpr std::size_t shortest_card = 12;
constexpr std::size_t longest_card = 19;

/// The first four digits and the lengths of a brand's numbers.
struct issuer_range {
    int first;
    int last;
    std::size_t shortest;
    std::size_t longest;
};

constexpr std::array issuers{
    issuer_range{2200, 2204, 16, 19},                                    // Mir
    issuer_range{2221, 2720, 16, 16},                                    // Mastercard
    issuer_range{3000, 3059, 14, 19},                                    // Diners Club
    issuer_range{3095, 3095, 14, 19}, issuer_range{3400, 3499, 15, 15},  // American Express
    issuer_range{3528, 3589, 16, 19},                                    // JCB
    issuer_range{3600, 3699, 14, 19}, issuer_range{3700, 3799, 15, 15},
    issuer_range{3800, 3999, 14, 19}, issuer_range{4000, 4999, 16, 16},  // Visa
    issuer_range{4000, 4999, 13, 13}, issuer_range{4000, 4999, 19, 19},
    issuer_range{5018, 5018, 12, 19},  // Maestro
    issuer_range{5020, 5020, 12, 19}, issuer_range{5038, 5038, 12, 19},
    issuer_range{5061, 5061, 16, 19}, issuer_range{5080, 5089, 16, 16},
    issuer_range{5100, 5599, 16, 16},                                    // Mastercard
    issuer_range{5893, 5893, 12, 19}, issuer_range{6011, 6011, 16, 19},  // Discover
    issuer_range{6062, 6062, 16, 19}, issuer_range{6200, 6299, 16, 19},  // UnionPay
    issuer_range{6304, 6304, 12, 19}, issuer_range{6440, 6599, 16, 19},
    issuer_range{6759, 6763, 12, 19}, issuer_range{8100, 8199, 16, 19},
    issuer_range{9792, 9792, 16, 16},  // Troy
};

bool has_issuer(std::string_view digits) {
    int first_four = 0;
    for (auto const c : digits.substr(0, 4)) first_four = first_four * 10 + (c - '0');
    return std::ranges::any_of(issuers, [&](issuer_range const& one) {
        return first_four >= one.first && first_four <= one.last && digits.size() >= one.shortest &&
               digits.size() <= one.longest;
    });
}

bool passes_luhn(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        auto const value = digits[digits.size() - 1 - i] - '0';
        auto const doubled = value * 2 - (value > 4 ? 9 : 0);
        sum += i % 2 == 0 ? value : doubled;
    }
    return sum % 10 == 0;
}

/// A part of a longer word, of a decimal fraction or of an id in groups.
bool is_card_glued_before(std::string_view text, std::size_t begin) {
    auto const before = code_point_before(text, begin);
    if (is_ascii_word(before.value) || before.value == U'+') return true;
    auto const further = code_point_before(text, begin - before.size).value;
    return (before.value == U'-' && is_ascii_word(further)) ||
           (before.value == U'.' && is_ascii_digit(further));
}

bool is_card_glued_behind(std::string_view text, std::size_t end) {
    auto const next = code_point_at(text, end);
    return is_ascii_word(next.value) ||
           (next.value == U'.' && is_ascii_digit(code_point_at(text, end + next.size).value));
}

/// Groups of four, 4-6-5 and their like: never 1-2-3.
bool is_grouped_like_a_card(number_run const& run, std::size_t first, std::size_t last) {
    if (first == last) return true;
    if (run.groups[first].size != 4) return false;
    for (auto i = first + 1; i < last; ++i) {
        if (run.groups[i].size < 4) return false;
    }
    return true;
}

/// The last group of the longest card that begins with group `first`; npos when none does.
std::size_t last_of_card(std::string_view text, number_run const& run, std::size_t first) {
    auto found = std::string_view::npos;
    for (auto last = first; last < run.groups.size(); ++last) {
        auto const digits = run.digits_of(first, last);
        if (digits.size() > longest_card) break;
        if (digits.size() < shortest_card || !is_payment_card(digits)) continue;
        if (!is_grouped_like_a_card(run, first, last)) continue;
        if (is_card_glued_behind(text, run.groups[last].end)) continue;
        found = last;
    }
    return found;
}

}  // namespace

bool is_payment_card(std::string_view digits) {
    return digits.size() >= shortest_card && digits.size() <= longest_card && has_issuer(digits) &&
           passes_luhn(digits);
}

found_texts find_payment_cards(std::string_view text, number_run const& run) {
    found_texts found;
    for (std::size_t first = 0; first < run.groups.size(); ++first) {
        if (is_card_glued_before(text, run.groups[first].begin)) continue;
        auto const last = last_of_card(text, run, first);
        if (last == std::string_view::npos) continue;
        found.push_back({run.groups[first].begin, run.groups[last].end, masked::card});
        first = last;
    }
    return found;
}

}  // namespace parley
