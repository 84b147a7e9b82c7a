// A conversation as a chat template writes it, with the parts that people and models said told apart from the
// template's own words.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace parley {

struct rendered_text {
    /// Bytes `begin` to `end` of the text.
    struct span {
        std::size_t begin = 0;
        std::size_t end = 0;
        bool operator==(span const&) const = default;
    };

    std::string text;
    std::vector<span> said;  // what came from messages: in order, not empty, apart from each other
};

}  // namespace parley
