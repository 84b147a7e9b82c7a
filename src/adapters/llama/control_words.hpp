// Which of a model's control words ("<|im_end|>") a rendered prompt means as such: those that the template
// wrote. The same letters in a message are only text, or a user could end his turn and speak as the system.
// Knows nothing of llama.cpp. Thread safety: const after construction.
#pragma once

#include "adapters/llama/kv_slots.hpp"
#include "adapters/llama/rendered_text.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parley {

struct control_word {
    std::string text;  // never empty
    token_id token = 0;
    bool eats_space_before = false;
    bool eats_space_after = false;
};

class control_words {
public:
    explicit control_words(std::vector<control_word> const& all);

    /// Plain text, and the control word behind it; the last stretch has none.
    struct stretch {
        std::string_view text;
        std::optional<token_id> word;
    };

    /// The text cut at its control words; where two begin, the longer one. Letters of which one came from a
    /// message are none. Views into `rendered`.
    [[nodiscard]] std::vector<stretch> cut(rendered_text const& rendered) const;

    [[nodiscard]] bool stand_in(std::string_view text) const;

    /// The same text with a space inside each control word, so that it holds none, whatever a template does
    /// with it.
    [[nodiscard]] std::string broken(std::string_view text) const;

private:
    struct by_text {
        token_id token;
        bool eats_space_before;
        bool eats_space_after;
    };
    struct text_hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using table = std::unordered_map<std::string, by_text, text_hash, std::equal_to<>>;

    /// The longest word of at most `longest` bytes that begins at `at`.
    [[nodiscard]] table::value_type const* word_at(std::string_view text, std::size_t at,
                                                   std::size_t longest) const;

    table words_;
    std::vector<std::size_t> lengths_;  // that occur, the longest first
    std::array<bool, 256> begins_{};    // the bytes with which a word begins
};

}  // namespace parley
