// Renders a conversation as the text a model was trained on: the GGUF's own Jinja template, or another one.
// Thread safety: const after make(); render() from one thread at a time.
#pragma once

#include "adapters/llama/conversation.hpp"
#include "adapters/llama/rendered_text.hpp"
#include "adapters/llama/reply_form.hpp"
#include "adapters/llama/reply_wish.hpp"
#include "common/error.hpp"

#include <memory>
#include <optional>
#include <string>

struct llama_model;

namespace parley {

class chat_template {
public:
    /// Errors: invalid (template_failed) when it can not be parsed. A model without a template gets ChatML.
    [[nodiscard]] static result<std::unique_ptr<chat_template>> make(
        llama_model const& model, std::optional<std::string> const& instead);
    ~chat_template();
    chat_template(chat_template const&) = delete;
    chat_template& operator=(chat_template const&) = delete;

    /// The whole conversation and the opening of the reply. The developer role becomes system where the
    /// template does not know it; a system message is put before the first user message where it does not
    /// know that either. What came from messages is told apart as far as the template engine follows it:
    /// through joining, trimming and changes of case, not through everything (split, mixed replace, tojson).
    /// Tools are put in words where the template does not know them. Errors: invalid (template_failed).
    [[nodiscard]] result<rendered_text> render(conversation const& said) const;

    /// For a reply to this conversation. The form's `prompt` is set where it must be what the reply answers.
    /// Errors: invalid (invalid_schema, template_failed).
    [[nodiscard]] result<reply_form> form(conversation const& said, reply_wish const& wish) const;

private:
    struct parsed;
    explicit chat_template(std::unique_ptr<parsed> value);
    std::unique_ptr<parsed> parsed_;
};

}  // namespace parley
