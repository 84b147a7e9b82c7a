#include "adapters/upstream/text_mender.hpp"

#include "common/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace parley::upstream {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Of the character at the beginning; 0 when there is no valid one.
std::size_t character_length(std::string_view text) {
    for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
        if (is_valid_utf8(text.substr(0, length))) return length;
    }
    return 0;
}

std::string mended(std::string_view text) {
    std::string valid;
    while (!text.empty()) {
        auto const length = character_length(text);
        valid += length == 0 ? replacement : text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return valid;
}

}  // namespace

std::string text_mender::feed(std::string_view piece) {
    if (held_.empty() && is_valid_utf8(piece)) return std::string{piece};
    auto text = std::exchange(held_, {});
    text += piece;
    auto const whole = text.size() - utf8_incomplete_tail(text);
    held_ = text.substr(whole);
    text.resize(whole);
    return mended(text);
}

std::string text_mender::finish() {
    return std::string{std::exchange(held_, {}).empty() ? std::string_view{} : replacement};
}

}  // namespace parley::upstream
