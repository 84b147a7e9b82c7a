// A place in a text that is to be masked.
#pragma once

#include "entities/settings.hpp"

#include <cstddef>
#include <vector>

namespace parley {

/// Bytes [begin, end) of the text; both lie between characters.
struct found_text {
    std::size_t begin = 0;
    std::size_t end = 0;
    masked kind = masked::email;

    bool operator==(found_text const&) const = default;
};

/// In the order of the text, none over another.
using found_texts = std::vector<found_text>;

}  // namespace parley
