#include "adapters/llama/chat_template.hpp"

#include <chat-auto-parser.h>
#include <chat.h>
#include <common.h>
#include <llama.h>

#include <exception>
#include <utility>
#include <vector>

namespace parley {

namespace {

std::unexpected<error> failed(std::string const& what, std::exception const& why) {
    return fail(error_kind::invalid, "template_failed", what + ": " + why.what());
}

std::string piece_of(llama_vocab const* vocabulary, llama_token token) {
    return token == LLAMA_TOKEN_NULL ? std::string() : common_token_to_piece(vocabulary, token, true);
}

/// The library takes the GGUF's, mends some that are known to be wrong, and falls back to ChatML.
std::string own_source(llama_model const& model) {
    return common_chat_templates_source(common_chat_templates_init(&model, "").get());
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

result<std::string> chat_template::render(std::span<prompt_message const> prompt) const {
    std::vector<common_chat_msg> messages;
    for (auto const& said : prompt) {
        common_chat_msg one;
        one.role = said.role == "developer" && !parsed_->knows_developer ? "system" : said.role;
        one.content = said.content;
        messages.push_back(std::move(one));
    }
    if (!parsed_->jinja.caps.supports_system_role && messages.size() > 1 &&
        messages.front().role == "system") {
        messages[1].content = messages.front().content + "\n" + messages[1].content;
        messages.erase(messages.begin());
    }
    try {
        autoparser::generation_params inputs;
        inputs.messages = common_chat_msgs_to_json_oaicompat(messages);
        inputs.add_generation_prompt = true;
        inputs.add_bos = parsed_->adds_begin;
        inputs.add_eos = parsed_->adds_end;
        return common_chat_template_direct_apply(parsed_->jinja, inputs);
    } catch (std::exception const& why) {
        return failed("The model's chat template refuses this conversation", why);
    }
}

}  // namespace parley
