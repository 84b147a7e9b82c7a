#include "adapters/llama/chat_template.hpp"

#include <chat.h>
#include <common.h>
#include <jinja/runtime.h>
#include <jinja/value.h>
#include <llama.h>

#include <exception>
#include <string_view>
#include <utility>
#include <vector>

namespace parley {

namespace {

/// The engine tells in many lines where it was; the last one says what was wrong.
std::string_view last_line(std::string_view text) {
    text = text.substr(0, text.find_last_not_of(" \n") + 1);
    return text.substr(text.rfind('\n') + 1);  // npos + 1 is 0
}

std::unexpected<error> failed(std::string const& what, std::exception const& why) {
    return fail(error_kind::invalid, "template_failed", what + ": " + std::string(last_line(why.what())), {},
                why.what());
}

std::string piece_of(llama_vocab const* vocabulary, llama_token token) {
    return token == LLAMA_TOKEN_NULL ? std::string() : common_token_to_piece(vocabulary, token, true);
}

/// The library takes the GGUF's, mends some that are known to be wrong, and falls back to ChatML.
std::string own_source(llama_model const& model) {
    return common_chat_templates_source(common_chat_templates_init(&model, "").get());
}

/// A string whose way through the template the engine follows.
jinja::value followed(std::string const& content) {
    auto text = jinja::mk_val<jinja::value_string>(content);
    text->mark_input();
    return text;
}

jinja::value text_value(std::string const& text) { return jinja::mk_val<jinja::value_string>(text); }

/// Some templates know only contents that are lists of parts.
jinja::value content_value(std::string const& content, bool as_parts) {
    if (!as_parts) return followed(content);
    auto part = jinja::mk_val<jinja::value_object>();
    part->insert("type", text_value("text"));
    part->insert("text", followed(content));
    auto parts = jinja::mk_val<jinja::value_array>();
    parts->push_back(part);
    return parts;
}

jinja::value messages_value(std::span<prompt_message const> messages, jinja::caps const& template_knows) {
    auto const as_parts = template_knows.supports_typed_content && !template_knows.supports_string_content;
    auto all = jinja::mk_val<jinja::value_array>();
    for (auto const& message : messages) {
        auto one = jinja::mk_val<jinja::value_object>();
        one->insert("role", text_value(message.role));
        one->insert("content", content_value(message.content, as_parts));
        all->push_back(one);
    }
    return all;
}

rendered_text joined(std::vector<jinja::string_part> const& parts) {
    rendered_text rendered;
    for (auto const& part : parts) {
        auto const begin = rendered.text.size();
        rendered.text += part.val;
        if (part.is_input && !part.val.empty()) rendered.said.push_back({begin, rendered.text.size()});
    }
    return rendered;
}

/// Unless it was said.
void drop_begin(rendered_text& rendered, std::string const& word) {
    if (word.empty() || !rendered.text.starts_with(word)) return;
    if (!rendered.said.empty() && rendered.said.front().begin < word.size()) return;
    rendered.text.erase(0, word.size());
    for (auto& said : rendered.said) said = {said.begin - word.size(), said.end - word.size()};
}

void drop_end(rendered_text& rendered, std::string const& word) {
    if (word.empty() || !rendered.text.ends_with(word)) return;
    auto const end = rendered.text.size() - word.size();
    if (rendered.said.empty() || rendered.said.back().end <= end) rendered.text.resize(end);
}

}  // namespace

struct chat_template::parsed {
    common_chat_template jinja;
    bool knows_developer;
    bool adds_begin;  // the tokeniser adds these tokens: the template must not write them, too
    bool adds_end;
};

chat_template::chat_template(std::unique_ptr<parsed> value) : parsed_(std::move(value)) {}
chat_template::~chat_template() = default;

result<std::unique_ptr<chat_template>> chat_template::make(llama_model const& model,
                                                           std::optional<std::string> const& instead) {
    auto const* vocabulary = llama_model_get_vocab(&model);
    try {
        auto const source = instead ? *instead : own_source(model);
        auto value = std::make_unique<parsed>(
            parsed{common_chat_template(source, piece_of(vocabulary, llama_vocab_bos(vocabulary)),
                                        piece_of(vocabulary, llama_vocab_eos(vocabulary))),
                   source.find("developer") != std::string::npos, llama_vocab_get_add_bos(vocabulary),
                   llama_vocab_get_add_eos(vocabulary)});
        return std::unique_ptr<chat_template>(new chat_template(std::move(value)));
    } catch (std::exception const& why) {
        return failed("The model's chat template can not be read", why);
    }
}

result<rendered_text> chat_template::render(std::span<prompt_message const> prompt) const {
    std::vector<prompt_message> messages(prompt.begin(), prompt.end());
    auto const& jinja = parsed_->jinja;
    for (auto& said : messages) {
        if (said.role == "developer" && !parsed_->knows_developer) said.role = "system";
    }
    if (!jinja.caps.supports_system_role && messages.size() > 1 && messages.front().role == "system") {
        messages[1].content = messages.front().content + "\n" + messages[1].content;
        messages.erase(messages.begin());
    }
    try {
        jinja::context context(jinja.source());
        context.set_val("messages", messages_value(messages, jinja.caps));
        context.set_val("bos_token", text_value(jinja.bos_token()));
        context.set_val("eos_token", text_value(jinja.eos_token()));
        context.set_val("enable_thinking", jinja::mk_val<jinja::value_bool>(true));
        context.set_val("add_generation_prompt", jinja::mk_val<jinja::value_bool>(true));
        auto const results = jinja::runtime(context).execute(jinja.prog);
        auto rendered = joined(jinja::runtime::gather_string_parts(results)->val_str.parts);
        if (parsed_->adds_begin) drop_begin(rendered, jinja.bos_token());
        if (parsed_->adds_end) drop_end(rendered, jinja.eos_token());
        return rendered;
    } catch (std::exception const& why) {
        return failed("The model's chat template refuses this conversation", why);
    }
}

}  // namespace parley
