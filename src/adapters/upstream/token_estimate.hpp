// How many tokens a text may have, where nobody says it exactly: four bytes of ASCII are one, any other
// character is one. No I/O. Thread safety: none; one measure per text.
#pragma once

#include "services/language_model.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace parley::upstream {

class token_estimate {
public:
    /// The next piece of valid UTF-8.
    void add(std::string_view piece);
    [[nodiscard]] std::int64_t tokens() const {
        return static_cast<std::int64_t>((ascii_ + 3) / 4 + others_);
    }

private:
    std::size_t ascii_ = 0;
    std::size_t others_ = 0;
};

/// Four more for each message, about 800 for an image.
[[nodiscard]] std::int64_t estimate_tokens(std::vector<prompt_message> const& prompt);

/// With the tools.
[[nodiscard]] std::int64_t estimate_tokens(generation_request const& request);

}  // namespace parley::upstream
