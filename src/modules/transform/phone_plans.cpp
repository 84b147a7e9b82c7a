#include "modules/transform/phone_plans.hpp"

#include <algorithm>
#include <array>

namespace parley {
namespace {

constexpr std::string_view two_digit_codes =
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 "
    "82 84 86 90 "
    "91 92 93 94 95 98";
constexpr std::string_view three_digit_beginnings =
    "21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99";

bool lists(std::string_view list, std::string_view two_digits) {
    return list.find(two_digits) != std::string_view::npos;
}

bool is_monotonous(std::string_view digits) {
    return digits.find_first_not_of(digits.front()) == std::string_view::npos;
}

bool is_one_of(std::string_view shape, std::initializer_list<std::string_view> shapes) {
    return std::ranges::find(shapes, shape) != shapes.end();
}

/// 0 and an area or a mobile network: most of Europe, Asia, Africa, Oceania.
bool has_trunk_zero(national_form const& form) {
    auto const& [digits, shape, in_parentheses, last_gap, cue] = form;
    auto const size = digits.size();
    if (digits[0] != '0' || digits[1] == '0') return false;
    auto const german_mobile = digits[1] == '1' && digits[2] >= '5' && digits[2] <= '7';
    auto const is_long =
        size == 12 && (german_mobile || shape == "48" || (shape == "444" && digits[1] == '8'));
    if (shape.size() == 1) return size == 10 || size == 11 || is_long;
    if (size < 9 || (size > 11 && !is_long) || shape.size() > 5) return false;
    return shape.find('1') == std::string::npos;
}

/// North America, and whoever writes 3-3-4, with or without the leading 1.
bool is_three_three_four(national_form const& form) {
    auto const& digits = form.digits;
    if (form.shape == "334") return digits[0] >= '2';
    if (form.shape == "1334") return digits[0] == '1' && digits[1] >= '2';
    return form.shape == "37" && digits[0] >= '2' && (form.in_parentheses || digits[0] == '3');
}

/// Russia and Kazakhstan.
bool has_trunk_eight(national_form const& form) {
    auto const& digits = form.digits;
    if (digits[0] != '8' || digits.size() != 11 || digits[1] < '3') return false;
    return form.shape.size() == 1 ? digits[1] == '9' : form.shape.starts_with("13") || form.shape == "1433";
}

bool is_chinese_mobile(national_form const& form) {
    return form.digits[0] == '1' && form.digits[1] >= '3' && form.digits.size() == 11 &&
           is_one_of(form.shape, {"X", "344"});
}

/// Without any trunk digit: told by their groups alone.
bool has_known_groups(national_form const& form) {
    auto const first = form.digits[0];
    auto const dashed = form.last_gap == '-';
    if (form.shape == "55") return first >= '6';                                      // India
    if (is_one_of(form.shape, {"254", "244"})) return form.in_parentheses || dashed;  // Brazil, Mexico
    if (form.shape == "2322") return first >= '8';                                    // Spain
    if (form.shape == "3222") return first >= '6';                                    // Spain, Turkey
    if (form.shape == "333") return first >= '5' && dashed;                           // Poland
    return false;
}

/// 1.234.567
bool is_amount(national_form const& form) {
    auto const thousands = form.shape.size() > 1 && form.shape[0] < '3' &&
                           form.shape.find_first_not_of('3', 1) == std::string::npos;
    return thousands || (form.last_gap == '.' && form.shape == "333");
}

bool is_ip_address(national_form const& form) {
    return form.last_gap == '.' && form.shape.size() == 4 &&
           std::ranges::all_of(form.shape, [](char size) { return size <= '3'; });
}

}  // namespace

bool is_international_number(std::string_view digits) {
    constexpr std::size_t shortest = 9;
    constexpr std::size_t longest = 13;
    if (digits.size() < shortest || digits.size() > longest || digits[0] == '0') return false;
    if (is_monotonous(digits.substr(3))) return false;
    if (digits[0] == '1') return digits.size() == 11 && digits[1] >= '2' && digits[4] >= '2';
    if (digits[0] == '7') return digits.size() == 11 && digits[1] >= '3';
    return lists(two_digit_codes, digits.substr(0, 2)) || lists(three_digit_beginnings, digits.substr(0, 2));
}

bool is_national_number(national_form const& form) {
    constexpr std::size_t shortest = 7;
    constexpr std::size_t longest = 13;
    auto const size = form.digits.size();
    if (form.cue == number_cue::other || size < shortest || size > longest) return false;
    if (is_monotonous(form.digits) || is_ip_address(form)) return false;
    if (has_trunk_zero(form) || is_three_three_four(form) || has_trunk_eight(form) ||
        is_chinese_mobile(form) || has_known_groups(form)) {
        return true;
    }
    return form.cue == number_cue::phone && !is_amount(form);
}

}  // namespace parley
