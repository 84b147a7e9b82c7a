#include "adapters/llama/reply_form.hpp"

#include <chat-peg-parser.h>
#include <chat.h>
#include <fmt/format.h>
#include <json-schema-to-grammar.h>

#include <exception>
#include <string_view>
#include <utility>

namespace parley {

namespace {

constexpr auto reasoning_apart = COMMON_REASONING_FORMAT_DEEPSEEK;

std::string_view last_line(std::string_view text) {
    text = text.substr(0, text.find_last_not_of(" \n") + 1);
    return text.substr(text.rfind('\n') + 1);  // npos + 1 is 0
}

std::unexpected<error> no_grammar(std::string_view whose, std::exception const& why) {
    return fail(error_kind::invalid, "invalid_schema",
                fmt::format("{} can not be followed: {}.", whose, last_line(why.what())), {}, why.what());
}

/// Each schema by itself, so that an error can name it.
result<void> check_grammars(reply_wish const& wish) {
    for (auto const& tool : wish.tools) {
        try {
            static_cast<void>(json_schema_to_grammar(common_json::parse(tool.parameters)));
        } catch (std::exception const& why) {
            return no_grammar(fmt::format("The parameters of tool \"{}\"", tool.name), why);
        }
    }
    try {
        if (wish.schema) static_cast<void>(json_schema_to_grammar(common_json::parse(*wish.schema)));
    } catch (std::exception const& why) {
        return no_grammar("The schema of response_format", why);
    }
    return {};
}

std::vector<common_chat_tool> common_tools(std::vector<tool_definition> const& tools) {
    std::vector<common_chat_tool> all;
    all.reserve(tools.size());
    for (auto const& tool : tools) all.push_back({tool.name, tool.description, tool.parameters});
    return all;
}

std::vector<common_chat_msg> common_messages(conversation const& said) {
    std::vector<common_chat_msg> all;
    all.reserve(said.messages.size());
    for (auto const& message : said.messages) {
        common_chat_msg one;
        one.role = message.role;
        one.content = message.content;
        one.tool_call_id = message.tool_call_id;
        if (message.role == "tool") one.tool_name = tool_name_of(said, message);
        one.tool_calls.reserve(message.tool_calls.size());
        for (auto const& call : message.tool_calls)
            one.tool_calls.push_back({call.name, call.arguments, call.id});
        all.push_back(std::move(one));
    }
    return all;
}

common_chat_params apply(common_chat_templates const& templates, conversation const& said,
                         reply_wish const& wish) {
    common_chat_templates_inputs inputs;
    inputs.messages = common_messages(said);
    inputs.tools = common_tools(said.tools);
    inputs.tool_choice = wish.must_call ? COMMON_CHAT_TOOL_CHOICE_REQUIRED : COMMON_CHAT_TOOL_CHOICE_AUTO;
    inputs.json_schema = wish.schema.value_or("");
    inputs.parallel_tool_calls =
        common_chat_templates_get_caps(&templates).at("supports_parallel_tool_calls");
    inputs.reasoning_format = reasoning_apart;
    return common_chat_templates_apply(&templates, inputs);
}

std::shared_ptr<common_chat_parser_params const> parser_of(common_chat_params const& from) {
    auto parser = std::make_shared<common_chat_parser_params>(from);
    parser->reasoning_format = reasoning_apart;
    if (!from.parser.empty()) parser->parser.load(from.parser);
    return parser;
}

reply_form form_of(common_chat_params&& from) {
    reply_form form;
    form.parser = parser_of(from);
    for (auto const& trigger : from.grammar_triggers) {
        auto const word = trigger.type == COMMON_GRAMMAR_TRIGGER_TYPE_WORD;
        (word ? form.words : form.patterns).push_back(trigger.value);
    }
    form.prompt = std::move(from.prompt);
    form.grammar = std::move(from.grammar);
    form.lazy = from.grammar_lazy;
    form.begun = std::move(from.generation_prompt);
    form.shown = std::move(from.preserved_tokens);
    form.stops = std::move(from.additional_stops);
    form.thinking_begin = std::move(from.thinking_start_tag);
    form.thinking_ends = std::move(from.thinking_end_tags);
    return form;
}

common_peg_parser parser_in_words(common_chat_peg_builder& make, reply_wish const& wish) {
    auto const tools = common_chat_tools_to_json_oaicompat(common_tools(wish.tools));
    auto const called = [&] {
        return make.standard_json_tools(std::string(call_begin), std::string(call_end), tools, false, true);
    };
    auto const formed = [&] {
        return make.content(
            make.schema(make.json(), "response-format-schema", common_json::parse(*wish.schema)));
    };
    if (wish.must_call) return make.space() + called() + make.end();
    if (wish.tools.empty()) return make.space() + formed() + make.space() + make.end();
    if (wish.schema) return make.space() + make.choice({called(), formed()}) + make.space() + make.end();
    return make.optional(make.content(make.until(std::string(call_begin)))) + make.optional(called()) +
           make.end();
}

}  // namespace

result<reply_form> native_form(common_chat_templates const& templates, conversation const& said,
                               reply_wish const& wish) {
    if (auto checked = check_grammars(wish); !checked) return std::unexpected(checked.error());
    try {
        return form_of(apply(templates, said, wish));
    } catch (std::exception const& why) {
        if (wish.tools.empty()) return form_in_words(wish);  // a schema asks nothing of the template
        return fail(error_kind::invalid, "template_failed",
                    fmt::format("The model's chat template can not be used with these tools: {}.",
                                last_line(why.what())),
                    {}, why.what());
    }
}

result<reply_form> form_in_words(reply_wish const& wish) {
    if (auto checked = check_grammars(wish); !checked) return std::unexpected(checked.error());
    try {
        reply_form form;
        auto const arena = build_chat_peg_parser(
            [&wish](common_chat_peg_builder& make) { return parser_in_words(make, wish); });
        form.lazy = !wish.must_call && !wish.schema;
        form.grammar = build_grammar(
            [&](common_grammar_builder const& builder) { arena.build_grammar(builder, form.lazy); });
        if (form.lazy) form.words.emplace_back(call_begin);
        form.shown = {std::string(call_begin), std::string(call_end)};
        auto parser = std::make_shared<common_chat_parser_params>();
        parser->format = COMMON_CHAT_FORMAT_PEG_NATIVE;
        parser->parser = arena;
        form.parser = std::move(parser);
        return form;
    } catch (std::exception const& why) {
        return no_grammar("What is asked of the reply", why);
    }
}

bool knows_tools(common_chat_templates const& templates) {
    auto const knows = common_chat_templates_get_caps(&templates);
    if (!knows.at("supports_tools") || !knows.at("supports_tool_calls")) return false;
    try {
        reply_wish wish;
        wish.tools = {{"probe", "", R"({"type":"object","properties":{}})"}};
        conversation const said{{{.role = "user", .content = "Hello"}}, wish.tools};
        wish.must_call = true;
        return !apply(templates, said, wish).grammar.empty();
    } catch (std::exception const&) {
        return false;
    }
}

}  // namespace parley
