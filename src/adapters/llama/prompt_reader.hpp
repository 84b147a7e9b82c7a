// From messages to tokens. Thread safety: read() from one thread at a time; it does not touch the context, so
// that the engine goes on decoding meanwhile.
#pragma once

#include "adapters/llama/chat_template.hpp"
#include "adapters/llama/control_words.hpp"
#include "adapters/llama/kv_slots.hpp"
#include "adapters/llama/reply_rules.hpp"
#include "adapters/llama/tokenizer.hpp"
#include "common/error.hpp"
#include "services/language_model.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

struct llama_vocab;

namespace parley {

struct prompt_tokens {
    std::vector<token_id> tokens;
    std::int64_t length = 0;  // their number, or an estimate
    bool whole = true;        // false: there were enough before the end, so `length` is an estimate
    std::unique_ptr<reply_rules> rules;  // of a reply that is more than words; else null
};

class prompt_reader {
public:
    prompt_reader(llama_vocab const& vocabulary, std::unique_ptr<chat_template> format);

    /// Always the whole conversation: a beginning that is the same gives the same tokens, up to the point
    /// where it differs. Gives up somewhere behind `enough` tokens. Control words that stand in a message are
    /// plain text. `wish` is what is asked of the reply. Errors: invalid (template_failed, invalid_schema).
    [[nodiscard]] result<prompt_tokens> read(std::span<prompt_message const> prompt, reply_wish const& wish,
                                             std::size_t enough) const;

    /// How many tokens read() would give, without the rules of the reply. Errors: invalid (template_failed).
    [[nodiscard]] result<std::int64_t> count(std::span<prompt_message const> prompt, reply_wish const& wish,
                                             std::size_t enough) const;

    /// The other way, control tokens written out.
    [[nodiscard]] std::string text_of(std::span<token_id const> tokens) const {
        return tokenizer_.text_of(tokens);
    }

private:
    struct written {
        rendered_text text;
        std::optional<reply_form> form;
    };
    [[nodiscard]] result<written> write(conversation const& said, reply_wish const& wish) const;
    [[nodiscard]] result<rendered_text> render(conversation const& said) const;
    [[nodiscard]] result<prompt_tokens> tokens_of(rendered_text const& rendered, std::size_t enough) const;

    llama_vocab const& vocabulary_;
    std::unique_ptr<chat_template> const template_;
    control_words const words_;
    tokenizer const tokenizer_;
};

}  // namespace parley
