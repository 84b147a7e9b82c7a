// Which digits, in which groups, are a phone number: international ones by country codes and lengths (ITU-T
// E.164), national ones by the forms in which people of many countries write them.
#pragma once

#include "modules/transform/number_cues.hpp"

#include <string>
#include <string_view>

namespace parley {

/// Digits behind "+" or "00", the country code first.
[[nodiscard]] bool is_international_number(std::string_view digits);

struct national_form {
    std::string_view digits;
    std::string shape;            // the sizes of the groups: "334"; a group of more than nine digits is X
    bool in_parentheses = false;  // the first group
    char last_gap = 0;            // the first byte of the gap before the last group
    number_cue cue = number_cue::none;
};

[[nodiscard]] bool is_national_number(national_form const& form);

}  // namespace parley
