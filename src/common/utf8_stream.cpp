#include "common/utf8_stream.hpp"

#include "common/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace parley {

namespace {

std::string repaired(std::string_view text) {
    std::string valid;
    while (!text.empty()) {
        auto const length = utf8_first(text);
        valid += length == 0 ? utf8_replacement : text.substr(0, length);
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
    return std::string{std::exchange(held_, {}).empty() ? std::string_view{} : utf8_replacement};
}

}  // namespace parley
