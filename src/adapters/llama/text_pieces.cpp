#include "adapters/llama/text_pieces.hpp"

#include "common/utf8.hpp"

namespace parley {

namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool before_a_word(std::string_view text, std::size_t at) {
    return text[at] == ' ' && !is_space(text[at - 1]) && !is_space(text[at + 1]);
}

bool behind_a_line(std::string_view text, std::size_t at) {
    return text[at - 1] == '\n' && !is_space(text[at]);
}

}  // namespace

std::size_t first_piece(std::string_view text, std::size_t longest) {
    if (text.size() <= longest) return text.size();
    for (auto const fits : {before_a_word, behind_a_line}) {
        for (auto at = longest - 1; at > longest / 2; --at) {
            if (fits(text, at)) return at;
        }
    }
    auto const whole_characters = utf8_prefix(text, longest);
    return whole_characters > 0 ? whole_characters : longest;
}

}  // namespace parley
