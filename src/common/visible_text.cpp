#include "common/visible_text.hpp"

#include "common/utf8.hpp"

#include <algorithm>

namespace parley {
namespace {

/// U+2400 + value in UTF-8.
void append_picture(std::string& out, unsigned value) {
    out += "\xe2\x90";
    out.push_back(static_cast<char>(0x80U + value));
}

bool is_c1_control(std::string_view character) {
    return character.size() == 2 && character[0] == '\xc2' &&
           static_cast<unsigned char>(character[1]) < 0xa0U;
}

}  // namespace

std::string visible_text(std::string_view text) {
    constexpr unsigned delete_character = 0x7f;
    constexpr unsigned picture_of_delete = 0x21;
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const first = static_cast<unsigned char>(text.front());
        auto const length = utf8_first(text);
        if (length == 0 || is_c1_control(text.substr(0, length))) {
            out += utf8_replacement;
        } else if (first == delete_character) {
            append_picture(out, picture_of_delete);
        } else if (first >= 0x20U || first == '\n' || first == '\t') {
            out += text.substr(0, length);
        } else if (first != '\r') {
            append_picture(out, first);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

}  // namespace parley
