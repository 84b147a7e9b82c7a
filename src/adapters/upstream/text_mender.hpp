// Makes valid UTF-8 of text that comes in pieces, cut anywhere. Thread safety: none; one per text.
#pragma once

#include <string>
#include <string_view>

namespace parley::upstream {

class text_mender {
public:
    /// A character that is cut off waits for the next piece; what can not become one reads U+FFFD.
    [[nodiscard]] std::string feed(std::string_view piece);

    /// The text is over: U+FFFD for a character that was never finished.
    [[nodiscard]] std::string finish();

private:
    std::string held_;
};

}  // namespace parley::upstream
