// What the words before a number say about it: "Tel." makes a phone number of digits that might be anything,
// "Order no." makes none of digits that look like one.
#pragma once

#include <cstddef>
#include <string_view>

namespace parley {

enum class number_cue { none, phone, other };

/// The last word that says something in the few words before byte `begin`, none of them before byte
/// `barrier`.
[[nodiscard]] number_cue cue_before(std::string_view text, std::size_t barrier, std::size_t begin);

}  // namespace parley
