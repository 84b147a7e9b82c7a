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

result<rendered_text> prompt_reader::render(conversation const& said) const {
    auto rendered = template_->render(said);
    if (!rendered || !has_control_words(words_, said)) return rendered;
    // A template that takes a text apart (split, slices, join) or writes it as JSON may lose sight of where
    // the parts came from. Then there are more control words than without those that were said.
    auto without = template_->render(broken(words_, said));
    if (!without) return without;
    auto const same = std::ranges::equal(words_.cut(*rendered), words_.cut(*without), {},
                                         &control_words::stretch::word, &control_words::stretch::word);
    return same ? rendered : without;
}

result<prompt_reader::written> prompt_reader::write(conversation const& said, reply_wish const& wish) const {
    auto rendered = render(said);
    if (!rendered) return std::unexpected(rendered.error());
    if (wish.plain()) return written{std::move(*rendered), std::nullopt};
    auto form = template_->form(said, wish);
    if (!form) return std::unexpected(form.error());
    if (form->prompt.empty() || form->prompt == rendered->text) {
        return written{std::move(*rendered), std::move(*form)};
    }
    // Words were broken in ours; or llama.cpp writes this template's conversations in its own way. It does
    // not tell what was said in them, so it gets them without control words.
    auto const safe = template_->form(broken(words_, said), wish);
    if (!safe) return std::unexpected(safe.error());
    if (safe->prompt != rendered->text) rendered = rendered_text{safe->prompt, {}};
    return written{std::move(*rendered), std::move(*form)};
}

result<prompt_tokens> prompt_reader::read(std::span<prompt_message const> prompt, reply_wish const& wish,
                                          std::size_t enough) const {
    auto const said = conversation_of(prompt, wish.tools);
    auto const wrote = write(said, wish);
    if (!wrote) return std::unexpected(wrote.error());
    auto read = tokens_of(wrote->text, enough);
    if (!read || !wrote->form) return read;
    auto rules = make_rules(vocabulary_, *wrote->form);
    if (!rules) return std::unexpected(rules.error());
    read->rules = std::move(*rules);
    return read;
}

result<std::int64_t> prompt_reader::count(std::span<prompt_message const> prompt, reply_wish const& wish,
                                          std::size_t enough) const {
    auto const wrote = write(conversation_of(prompt, wish.tools), wish);
    if (!wrote) return std::unexpected(wrote.error());
    auto const read = tokens_of(wrote->text, enough);
    if (!read) return std::unexpected(read.error());
    return read->length;
}

result<prompt_tokens> prompt_reader::tokens_of(rendered_text const& rendered, std::size_t enough) const {
    if (rendered.text.empty()) return nothing_written();
    prompt_tokens read;
    auto& tokens = read.tokens;
    if (llama_vocab_get_add_bos(&vocabulary_)) tokens.push_back(llama_vocab_bos(&vocabulary_));
    for (auto const& stretch : words_.cut(rendered)) {
        auto const bytes = tokenizer_.append(stretch.text, enough, tokens);
        if (bytes < stretch.text.size()) {
            auto const before = static_cast<std::size_t>(stretch.text.data() - rendered.text.data());
            read.whole = false;
            read.length = static_cast<std::int64_t>(tokens.size() * rendered.text.size() /
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
