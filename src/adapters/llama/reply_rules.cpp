#include "adapters/llama/reply_rules.hpp"

#include <common.h>
#include <llama.h>

#include <utility>

namespace parley {

result<std::unique_ptr<reply_rules>> make_rules(llama_vocab const& vocabulary, reply_form const& form) {
    auto grammar = reply_grammar::make(vocabulary, form);
    if (!grammar) return std::unexpected(grammar.error());
    std::vector<token_id> shown;
    for (auto const& word : form.shown) {
        auto const tokens = common_tokenize(&vocabulary, word, false, true);
        if (tokens.size() == 1) shown.push_back(tokens.front());
    }
    return std::make_unique<reply_rules>(
        reply_rules{std::move(*grammar), reply_parser(form), std::move(shown)});
}

}  // namespace parley
