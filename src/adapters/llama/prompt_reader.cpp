#include "adapters/llama/prompt_reader.hpp"

#include <llama.h>

#include <algorithm>
#include <utility>

namespace parley {

namespace {

std::unexpected<error> nothing_written() {
    return fail(error_kind::invalid, "template_failed",
                "The model's chat template makes an empty prompt of this conversation.");
}

}  // namespace

prompt_reader::prompt_reader(llama_vocab const& vocabulary, std::unique_ptr<chat_template> format)
    : vocabulary_(vocabulary),
      template_(std::move(format)),
      words_(control_words_of(vocabulary)),
      tokenizer_(vocabulary) {}

result<rendered_text> prompt_reader::render(std::span<prompt_message const> prompt) const {
    auto rendered = template_->render(prompt);
    if (!rendered || std::ranges::none_of(prompt, [this](prompt_message const& message) {
            return words_.stand_in(message.content);
        })) {
        return rendered;
    }
    // A template that takes a content apart (split, slices, join) may lose sight of where the parts came
    // from. Then there are more control words than without those in the messages.
    std::vector<prompt_message> safe(prompt.begin(), prompt.end());
    for (auto& message : safe) message.content = words_.broken(message.content);
    auto without = template_->render(safe);
    if (!without) return without;
    auto const same = std::ranges::equal(words_.cut(*rendered), words_.cut(*without), {},
                                         &control_words::stretch::word, &control_words::stretch::word);
    return same ? rendered : without;
}

result<prompt_tokens> prompt_reader::read(std::span<prompt_message const> prompt, std::size_t enough) const {
    auto const rendered = render(prompt);
    if (!rendered) return std::unexpected(rendered.error());
    if (rendered->text.empty()) return nothing_written();
    prompt_tokens read;
    auto& tokens = read.tokens;
    if (llama_vocab_get_add_bos(&vocabulary_)) tokens.push_back(llama_vocab_bos(&vocabulary_));
    for (auto const& stretch : words_.cut(*rendered)) {
        auto const bytes = tokenizer_.append(stretch.text, enough, tokens);
        if (bytes < stretch.text.size()) {
            auto const before = static_cast<std::size_t>(stretch.text.data() - rendered->text.data());
            read.whole = false;
            read.length = static_cast<std::int64_t>(tokens.size() * rendered->text.size() /
                                                    std::max<std::size_t>(before + bytes, 1));
            return read;
        }
        if (stretch.word) tokens.push_back(*stretch.word);
    }
    if (llama_vocab_get_add_eos(&vocabulary_)) tokens.push_back(llama_vocab_eos(&vocabulary_));
    if (tokens.empty()) return nothing_written();
    read.length = std::ssize(tokens);
    return read;
}

}  // namespace parley
