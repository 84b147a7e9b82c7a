#include "adapters/llama/chat_template.hpp"

#include "adapters/llama/template_values.hpp"

#include <chat.h>
#include <common.h>
#include <jinja/runtime.h>
#include <jinja/value.h>
#include <llama.h>

#include <ctime>
#include <exception>
#include <iomanip>
#include <sstream>
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

std::string today(char const* form) {
    auto const now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    std::ostringstream text;
    text << std::put_time(&local, form);
    return text.str();
}

conversation with_known_roles(conversation said, jinja::caps const& template_knows, bool knows_developer) {
    auto& messages = said.messages;
    for (auto& one : messages) {
        if (one.role == "developer" && !knows_developer) one.role = "system";
    }
    if (!template_knows.supports_system_role && messages.size() > 1 && messages.front().role == "system") {
        messages[1].content = messages.front().content + "\n" + messages[1].content;
        messages.erase(messages.begin());
    }
    return said;
}

jinja::context context_of(conversation const& said, common_chat_template const& jinja) {
    jinja::context context(jinja.source());
    context.set_val("messages", messages_value(said, jinja.caps));
    context.set_val("bos_token", template_text(jinja.bos_token()));
    context.set_val("eos_token", template_text(jinja.eos_token()));
    context.set_val("enable_thinking", jinja::mk_val<jinja::value_bool>(true));
    context.set_val("add_generation_prompt", jinja::mk_val<jinja::value_bool>(true));
    if (said.tools.empty()) return context;
    context.set_val("tools", tools_value(said));
    context.set_val("datetime", template_text(today("%b %d %Y")));  // as llama.cpp does it
    context.set_val("date_string", template_text(today("%d %b %Y")));
    return context;
}

}  // namespace

struct chat_template::parsed {
    common_chat_template jinja;
    std::optional<common_chat_template> for_tools;  // where the model has another one for them
    common_chat_templates_ptr templates;            // the same again, for llama.cpp's parsers
    bool knows_tools;
    bool knows_developer;
    bool adds_begin;  // the tokeniser adds these tokens: the template must not write them, too
    bool adds_end;

    [[nodiscard]] common_chat_template const& used_for(conversation const& said) const {
        return for_tools && !said.tools.empty() ? *for_tools : jinja;
    }
};

chat_template::chat_template(std::unique_ptr<parsed> value) : parsed_(std::move(value)) {}
chat_template::~chat_template() = default;

result<std::unique_ptr<chat_template>> chat_template::make(llama_model const& model,
                                                           std::optional<std::string> const& instead) {
    auto const* vocabulary = llama_model_get_vocab(&model);
    try {
        if (instead)
            static_cast<void>(common_chat_template(*instead, "", ""));  // says best what is wrong with it
        // The library takes the GGUF's, mends some that are known to be wrong, and falls back to ChatML.
        auto templates = common_chat_templates_init(&model, instead.value_or(""));
        auto const source = instead ? *instead : common_chat_templates_source(templates.get());
        auto const begin = piece_of(vocabulary, llama_vocab_bos(vocabulary));
        auto const end = piece_of(vocabulary, llama_vocab_eos(vocabulary));
        std::optional<common_chat_template> for_tools;
        if (auto const other = common_chat_templates_source(templates.get(), "tool_use"); !other.empty()) {
            for_tools.emplace(other, begin, end);
        }
        auto const tools = knows_tools(*templates);
        auto value = std::make_unique<parsed>(
            parsed{common_chat_template(source, begin, end), std::move(for_tools), std::move(templates),
                   tools, source.find("developer") != std::string::npos, llama_vocab_get_add_bos(vocabulary),
                   llama_vocab_get_add_eos(vocabulary)});
        return std::unique_ptr<chat_template>(new chat_template(std::move(value)));
    } catch (std::exception const& why) {
        return failed("The model's chat template can not be read", why);
    }
}

result<rendered_text> chat_template::render(conversation const& said) const {
    try {
        auto const spoken = !parsed_->knows_tools && speaks_of_tools(said);
        auto const& jinja = parsed_->used_for(spoken ? conversation{} : said);
        auto const told =
            with_known_roles(spoken ? in_words(said) : said, jinja.caps, parsed_->knows_developer);
        auto context = context_of(told, jinja);
        auto const results = jinja::runtime(context).execute(jinja.prog);
        auto rendered = joined(jinja::runtime::gather_string_parts(results)->val_str.parts);
        if (parsed_->adds_begin) drop_begin(rendered, jinja.bos_token());
        if (parsed_->adds_end) drop_end(rendered, jinja.eos_token());
        return rendered;
    } catch (std::exception const& why) {
        return failed("The model's chat template refuses this conversation", why);
    }
}

result<reply_form> chat_template::form(conversation const& said, reply_wish const& wish) const {
    if (!parsed_->knows_tools && !wish.tools.empty()) return form_in_words(wish);
    auto told = parsed_->knows_tools || !speaks_of_tools(said) ? said : in_words(said);
    auto form = native_form(*parsed_->templates, told, wish);
    if (form && wish.tools.empty()) form->prompt.clear();
    return form;
}

}  // namespace parley
