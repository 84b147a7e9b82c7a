// From messages to tokens. Thread safety: read() from one thread at a time; it does not touch the context, so
// that the engine goes on decoding meanwhile.
#pragma once

#include "adapters/llama/chat_template.hpp"
#include "adapters/llama/kv_slots.hpp"
#include "common/error.hpp"
#include "services/language_model.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

struct llama_vocab;

namespace parley {

class prompt_reader {
public:
    prompt_reader(llama_vocab const& vocabulary, std::unique_ptr<chat_template> format);

    /// Always the whole conversation: a beginning that is the same gives the same tokens, up to the point
    /// where it differs. Errors: invalid (template_failed).
    [[nodiscard]] result<std::vector<token_id>> read(std::span<prompt_message const> prompt) const;

    /// The other way, control tokens written out.
    [[nodiscard]] std::string text_of(std::span<token_id const> tokens) const;

private:
    llama_vocab const& vocabulary_;
    std::unique_ptr<chat_template> const template_;
};

}  // namespace parley
