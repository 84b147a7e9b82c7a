// What llama.cpp knows of a reply that calls tools or follows a schema: the grammar that leads it, and the
// parser that takes it apart. Thread safety: values.
#pragma once

#include "adapters/llama/conversation.hpp"
#include "adapters/llama/reply_wish.hpp"
#include "common/error.hpp"

#include <memory>
#include <string>
#include <vector>

struct common_chat_parser_params;
struct common_chat_templates;

namespace parley {

struct reply_form {
    std::string prompt;                 // as llama.cpp writes it; empty: it has no opinion
    std::string grammar;                // GBNF; empty: any text
    bool lazy = false;                  // it holds from a trigger on
    std::vector<std::string> words;     // triggers
    std::vector<std::string> patterns;  // triggers, as regular expressions of the whole text so far
    std::string begun;                  // the prompt's end, with which the grammar begins
    std::vector<std::string> shown;     // control words that the parser must see
    std::vector<std::string> stops;     // where the reply ends besides the model's own end
    std::string thinking_begin;         // within these the triggers are none
    std::vector<std::string> thinking_ends;
    std::shared_ptr<common_chat_parser_params const> parser;
};

/// As the model's own template has it. Errors: invalid (invalid_schema, template_failed).
[[nodiscard]] result<reply_form> native_form(common_chat_templates const& templates, conversation const& said,
                                             reply_wish const& wish);

/// For conversations that are put in_words(): one call at most, and together with tools a schema holds for an
/// answer that calls none. Errors: invalid (invalid_schema).
[[nodiscard]] result<reply_form> form_in_words(reply_wish const& wish);

/// Whether llama.cpp can tell how this template writes calls, and the template describes tools.
[[nodiscard]] bool knows_tools(common_chat_templates const& templates);

}  // namespace parley
