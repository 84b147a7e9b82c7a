#include "adapters/llama/prompt_reader.hpp"

#include <llama.h>

#include <cstdint>
#include <limits>
#include <utility>

namespace parley {

prompt_reader::prompt_reader(llama_vocab const& vocabulary, std::unique_ptr<chat_template> format)
    : vocabulary_(vocabulary),
      template_(std::move(format)) {}

result<std::vector<token_id>> prompt_reader::read(std::span<prompt_message const> prompt) const {
    auto const text = template_->render(prompt);
    if (!text) return std::unexpected(text.error());
    auto const length = static_cast<std::int32_t>(text->size());
    std::vector<token_id> tokens(text->size() / 2 + 16);
    for (;;) {
        auto const room = static_cast<std::int32_t>(tokens.size());
        auto const count =
            llama_tokenize(&vocabulary_, text->data(), length, tokens.data(), room, true, true);
        if (count == std::numeric_limits<std::int32_t>::min()) {
            return fail(error_kind::invalid, "template_failed",
                        "The prompt is too long to be cut into tokens.");
        }
        tokens.resize(static_cast<std::size_t>(count < 0 ? -count : count));
        if (count == 0) {
            return fail(error_kind::invalid, "template_failed",
                        "The model's chat template makes an empty prompt of this conversation.");
        }
        if (count > 0) return tokens;
    }
}

std::string prompt_reader::text_of(std::span<token_id const> tokens) const {
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
