// From plain text to tokens, and back. Thread safety: const after construction.
#pragma once

#include "adapters/llama/control_words.hpp"
#include "adapters/llama/kv_slots.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct llama_vocab;

namespace parley {

/// The vocabulary's control words, as its chat template may write them.
[[nodiscard]] control_words control_words_of(llama_vocab const& vocabulary);

class tokenizer {
public:
    /// The vocabulary must outlive the tokenizer.
    explicit tokenizer(llama_vocab const& vocabulary);

    /// Puts the tokens of a text behind `tokens`; control words in it are plain text. Gives up when there are
    /// `enough` tokens. Returns how many bytes it has read.
    ///
    /// The text goes to llama.cpp in pieces of 8 KiB at most. A run of 32 KiB without a space makes it
    /// overflow the stack with the vocabularies for which it uses std::regex, and its time grows with the
    /// square of the length for those of the SentencePiece kind (37 s for 1 MiB).
    [[nodiscard]] std::size_t append(std::string_view text, std::size_t enough,
                                     std::vector<token_id>& tokens) const;

    /// Control tokens written out.
    [[nodiscard]] std::string text_of(std::span<token_id const> tokens) const;

private:
    void append_piece(std::string_view piece, std::vector<token_id>& tokens) const;

    llama_vocab const& vocabulary_;
    // What the vocabulary makes of the beginning of every text, if it puts a space there; else empty.
    std::vector<token_id> beginning_;
};

}  // namespace parley
