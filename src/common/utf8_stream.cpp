#include "common/utf8_stream.hpp"

#include "common/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace parley {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Length of the character at the beginning of `text`, 0 when there is no valid one.
std::size_t character_length(std::string_view text) {
    for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
        if (is_valid_utf8(text.substr(0, length))) return length;
    }
    return 0;
}

std::string repaired(std::string_view text) {
    std::string valid;
    while (!text.empty()) {
        auto const length = character_length(text);
        valid += length == 0 ? replacement : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return valid;
}

}  // namespace

std::string utf8_stream::feed(std::string_view bytes) {
    if (held_.empty() && is_valid_utf8(bytes)) return std::string{bytes};
    auto text = std::exchange(held_, {});
    text += bytes;
    auto const incomplete = utf8_incomplete_tail(text);
    held_ = text.substr(text.size() - incomplete);
    text.resize(text.size() - incomplete);
    return repaired(text);
}

std::string utf8_stream::finish() {
    return std::string{std::exchange(held_, {}).empty() ? std::string_view{} : replacement};
}

}  // namespace parley
