#include "common/visible_text.hpp"

#include "common/utf8.hpp"

#include <algorithm>
#include <array>

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

/// U+2028 and U+2029 end a line for some who show it; the others change the order in which it is shown.
bool is_layout_mark(std::string_view character) {
    constexpr std::array<std::string_view, 14> marks{
        "\xd8\x9c",      // U+061C
        "\xe2\x80\x8e",  // U+200E
        "\xe2\x80\x8f",  // U+200F
        "\xe2\x80\xa8",  // U+2028
        "\xe2\x80\xa9",  // U+2029
        "\xe2\x80\xaa",  // U+202A
        "\xe2\x80\xab",  // U+202B
        "\xe2\x80\xac",  // U+202C
        "\xe2\x80\xad",  // U+202D
        "\xe2\x80\xae",  // U+202E
        "\xe2\x81\xa6",  // U+2066
        "\xe2\x81\xa7",  // U+2067
        "\xe2\x81\xa8",  // U+2068
        "\xe2\x81\xa9",  // U+2069
    };
    return std::ranges::find(marks, character) != marks.end();
}

enum class layout { kept, shown };

std::string made_visible(std::string_view text, layout lines) {
    constexpr unsigned delete_character = 0x7f;
    constexpr unsigned picture_of_delete = 0x21;
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        auto const first = static_cast<unsigned char>(text.front());
        auto const length = utf8_first(text);
        auto const character = text.substr(0, length);
        if (length == 0 || is_c1_control(character) ||
            (lines == layout::shown && is_layout_mark(character))) {
            out += utf8_replacement;
        } else if (first == delete_character) {
            append_picture(out, picture_of_delete);
        } else if (first >= 0x20U || (lines == layout::kept && (first == '\n' || first == '\t'))) {
            out += character;
        } else if (first != '\r' || lines == layout::shown) {
            append_picture(out, first);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

}  // namespace

std::string visible_text(std::string_view text) { return made_visible(text, layout::kept); }

std::string visible_line(std::string_view text) { return made_visible(text, layout::shown); }

}  // namespace parley
