#include "adapters/llama/tokenizer.hpp"

#include "adapters/llama/text_pieces.hpp"

#include <llama.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace parley {

namespace {

constexpr std::size_t longest_piece = 8192;
constexpr std::string_view line_end = "\n";  // nothing is merged with it

bool puts_a_space_first(llama_vocab const& vocabulary, std::span<token_id const> tokens_of_a_letter) {
    if (tokens_of_a_letter.empty()) return false;
    std::array<char, 64> piece{};
    auto const length = llama_token_to_piece(&vocabulary, tokens_of_a_letter.front(), piece.data(),
                                             static_cast<std::int32_t>(piece.size()), 0, false);
    return length > 0 && piece.front() == ' ';
}

}  // namespace

control_words control_words_of(llama_vocab const& vocabulary) {
    constexpr unsigned control = LLAMA_TOKEN_ATTR_CONTROL | LLAMA_TOKEN_ATTR_UNKNOWN;
    std::vector<control_word> words;
    for (token_id token = 0; token < llama_vocab_n_tokens(&vocabulary); ++token) {
        auto const attributes = static_cast<unsigned>(llama_vocab_get_attr(&vocabulary, token));
        std::string text = llama_vocab_get_text(&vocabulary, token);
        if ((attributes & control) == 0 || text.empty()) continue;
        words.push_back({.text = std::move(text),
                         .token = token,
                         .eats_space_before = (attributes & LLAMA_TOKEN_ATTR_LSTRIP) != 0,
                         .eats_space_after = (attributes & LLAMA_TOKEN_ATTR_RSTRIP) != 0});
    }
    return control_words(words);
}

tokenizer::tokenizer(llama_vocab const& vocabulary) : vocabulary_(vocabulary) {
    std::vector<token_id> letter;
    append_piece("a", letter);
    if (puts_a_space_first(vocabulary, letter)) append_piece(line_end, beginning_);
}

std::size_t tokenizer::append(std::string_view text, std::size_t enough,
                              std::vector<token_id>& tokens) const {
    std::size_t done = 0;
    while (done < text.size() && tokens.size() < enough) {
        auto const piece = text.substr(done, first_piece(text.substr(done), longest_piece));
        auto const before = tokens.size();
        auto const in_the_middle = done > 0 && !beginning_.empty();
        append_piece(in_the_middle ? std::string(line_end).append(piece) : piece, tokens);
        auto const added = std::span(tokens).subspan(before);
        if (in_the_middle && added.size() >= beginning_.size() &&
            std::ranges::equal(added.first(beginning_.size()), beginning_)) {
            auto const begin = tokens.begin() + static_cast<std::ptrdiff_t>(before);
            tokens.erase(begin, begin + std::ssize(beginning_));
        }
        done += piece.size();
    }
    return done;
}

void tokenizer::append_piece(std::string_view piece, std::vector<token_id>& tokens) const {
    auto const before = tokens.size();
    auto room = static_cast<std::int32_t>(piece.size() + 8);
    for (;;) {
        tokens.resize(before + static_cast<std::size_t>(room));
        auto const count = llama_tokenize(&vocabulary_, piece.data(), static_cast<std::int32_t>(piece.size()),
                                          tokens.data() + before, room, false, false);
        if (count >= 0) return tokens.resize(before + static_cast<std::size_t>(count));
        room = -count;
    }
}

std::string tokenizer::text_of(std::span<token_id const> tokens) const {
    auto const count = static_cast<std::int32_t>(tokens.size());
    std::string text(tokens.size() * 8 + 16, '\0');
    for (;;) {
        auto const room = static_cast<std::int32_t>(text.size());
        auto const length =
            llama_detokenize(&vocabulary_, tokens.data(), count, text.data(), room, false, true);
        text.resize(static_cast<std::size_t>(length < 0 ? -length : length));
        if (length >= 0) return text;
    }
}

}  // namespace parley
