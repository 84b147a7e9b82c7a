#include "entities/text_rules.hpp"

#include "common/utf8.hpp"

namespace parley {

result<void> check_text(std::string_view text, length_range range, std::string_view code,
                        std::string_view param) {
    if (!is_valid_utf8(text)) {
        return invalid(std::string{code}, "The text is not valid UTF-8.", std::string{param});
    }
    auto const length = utf8_length(text);
    if (length < range.shortest || length > range.longest) {
        auto const sentence = range.shortest > 0 && length == 0
                                  ? std::string{"The text must not be empty."}
                                  : "The text has " + std::to_string(length) + " characters; at most " +
                                        std::to_string(range.longest) + " are allowed.";
        return invalid(std::string{code}, sentence, std::string{param});
    }
    return {};
}

}  // namespace parley
