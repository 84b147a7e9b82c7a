// The rule that every text field of every entity obeys.
#pragma once

#include "common/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace parley {

/// Code points, both ends included.
struct length_range {
    std::size_t shortest = 0;
    std::size_t longest = 0;
};

/// Text must be valid UTF-8 within the range. U+0000 is text like any other.
/// Errors: `code` with `param`, and a sentence that gives the numbers.
[[nodiscard]] result<void> check_text(std::string_view text, length_range range, std::string_view code,
                                      std::string_view param);

}  // namespace parley
