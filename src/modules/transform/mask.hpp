// Hides e-mail addresses, phone and card numbers of a text from whoever reads it next. Pure functions.
#pragma once

#include "modules/transform/found_text.hpp"

#include <span>
#include <string>
#include <string_view>

namespace parley {

/// What a text has of the kinds wanted. A card is never taken for a phone number, nor is what stands in an
/// e-mail address. Takes time linear in the text's length. Judged by rules, not by a list of all numbers in
/// the world: see docs/transforms.md for how often it is right.
[[nodiscard]] found_texts find_masked(std::string_view text, std::span<masked const> kinds);

/// The text with [email], [phone] and [card] in the place of what was found.
[[nodiscard]] std::string mask_text(std::string_view text, std::span<masked const> kinds);

}  // namespace parley
