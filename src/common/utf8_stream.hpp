// Bytes that come in pieces, tokens of a model for example, as valid UTF-8. Thread safety: none.
#pragma once

#include <string>
#include <string_view>

namespace parley {

/// A character whose bytes are not all there is held back; bytes that can not become one are replaced by
/// U+FFFD.
class utf8_stream {
public:
    /// Returns what is complete now; may be empty.
    [[nodiscard]] std::string feed(std::string_view bytes);

    /// The text is over: U+FFFD for a character that was never finished.
    [[nodiscard]] std::string finish();

private:
    std::string held_;  // at most three bytes
};

}  // namespace parley
