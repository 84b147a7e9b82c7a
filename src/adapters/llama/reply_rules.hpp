// All that one reply needs which calls tools or follows a schema. Thread safety: none; one belongs to one
// reply.
#pragma once

#include "adapters/llama/kv_slots.hpp"
#include "adapters/llama/reply_form.hpp"
#include "adapters/llama/reply_grammar.hpp"
#include "adapters/llama/reply_parser.hpp"
#include "common/error.hpp"

#include <algorithm>
#include <memory>
#include <vector>

namespace parley {

struct reply_rules {
    std::unique_ptr<reply_grammar> grammar;  // null: any text
    reply_parser parser;
    std::vector<token_id> shown;  // control tokens that are text for the parser

    [[nodiscard]] bool shows(token_id token) const { return std::ranges::find(shown, token) != shown.end(); }
};

/// Errors: invalid (invalid_schema).
[[nodiscard]] result<std::unique_ptr<reply_rules>> make_rules(llama_vocab const& vocabulary,
                                                              reply_form const& form);

}  // namespace parley
