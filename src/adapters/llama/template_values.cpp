#include "adapters/llama/template_values.hpp"

#include <boost/json.hpp>

namespace parley {

namespace json = boost::json;

namespace {

/// A string whose way through the template the engine follows.
jinja::value followed(std::string const& content) {
    auto text = jinja::mk_val<jinja::value_string>(content);
    text->mark_input();
    return text;
}

jinja::value followed(json::value const& value) {
    if (auto const* text = value.if_string()) return followed(std::string(*text));
    if (auto const* flag = value.if_bool()) return jinja::mk_val<jinja::value_bool>(*flag);
    if (auto const* number = value.if_int64()) return jinja::mk_val<jinja::value_int>(*number);
    if (value.is_number()) return jinja::mk_val<jinja::value_float>(value.to_number<double>());
    if (auto const* list = value.if_array()) {
        auto all = jinja::mk_val<jinja::value_array>();
        for (auto const& item : *list) all->push_back(followed(item));
        return all;
    }
    if (auto const* object = value.if_object()) {
        auto all = jinja::mk_val<jinja::value_object>();
        for (auto const& [name, inner] : *object) all->insert(std::string(name), followed(inner));
        return all;
    }
    return jinja::mk_val<jinja::value_none>();
}

/// Of a text that is JSON; checked before.
jinja::value followed_json(std::string const& text) {
    boost::system::error_code failed;
    auto const value = json::parse(text, failed);
    return failed ? followed(text) : followed(value);
}

/// Some templates know only contents that are lists of parts.
jinja::value content_value(std::string const& content, bool as_parts) {
    if (!as_parts) return followed(content);
    auto part = jinja::mk_val<jinja::value_object>();
    part->insert("type", template_text("text"));
    part->insert("text", followed(content));
    auto parts = jinja::mk_val<jinja::value_array>();
    parts->push_back(part);
    return parts;
}

jinja::value calls_value(std::vector<tool_call> const& calls, bool arguments_as_object) {
    auto all = jinja::mk_val<jinja::value_array>();
    for (auto const& call : calls) {
        auto function = jinja::mk_val<jinja::value_object>();
        function->insert("name", followed(call.name));
        function->insert("arguments",
                         arguments_as_object ? followed_json(call.arguments) : followed(call.arguments));
        auto one = jinja::mk_val<jinja::value_object>();
        one->insert("type", template_text("function"));
        one->insert("function", function);
        if (!call.id.empty()) one->insert("id", followed(call.id));
        all->push_back(one);
    }
    return all;
}

}  // namespace

jinja::value template_text(std::string const& text) { return jinja::mk_val<jinja::value_string>(text); }

jinja::value messages_value(conversation const& said, jinja::caps const& template_knows) {
    auto const as_parts = template_knows.supports_typed_content && !template_knows.supports_string_content;
    auto all = jinja::mk_val<jinja::value_array>();
    for (auto const& message : said.messages) {
        auto one = jinja::mk_val<jinja::value_object>();
        one->insert("role", template_text(message.role));
        one->insert("content", content_value(message.content, as_parts));
        if (message.role == "tool") {
            if (auto const name = tool_name_of(said, message); !name.empty())
                one->insert("name", followed(name));
        }
        if (!message.tool_call_id.empty()) one->insert("tool_call_id", followed(message.tool_call_id));
        if (!message.tool_calls.empty()) {
            one->insert("tool_calls",
                        calls_value(message.tool_calls, template_knows.supports_object_arguments));
        }
        all->push_back(one);
    }
    return all;
}

jinja::value tools_value(conversation const& said) {
    auto all = jinja::mk_val<jinja::value_array>();
    for (auto const& tool : said.tools) {
        auto function = jinja::mk_val<jinja::value_object>();
        function->insert("name", followed(tool.name));
        function->insert("description", followed(tool.description));
        function->insert("parameters", followed_json(tool.parameters));
        auto one = jinja::mk_val<jinja::value_object>();
        one->insert("type", template_text("function"));
        one->insert("function", function);
        all->push_back(one);
    }
    return all;
}

}  // namespace parley
