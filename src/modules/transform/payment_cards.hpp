// Knows payment cards by their issuer's first digits, their length and the Luhn check digit (ISO/IEC 7812-1).
#pragma once

#include "modules/transform/found_text.hpp"
#include "modules/transform/number_run.hpp"

#include <string_view>

namespace parley {

/// Digits only.
[[nodiscard]] bool is_payment_card(std::string_view digits);

/// The cards of a run: in one piece, or in groups of which the first has four digits.
[[nodiscard]] found_texts find_payment_cards(std::string_view text, number_run const& run);

}  // namespace parley
