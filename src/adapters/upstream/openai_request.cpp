#include "adapters/upstream/request_body.hpp"
#include "adapters/upstream/schema_text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <variant>

namespace parley::upstream {
namespace {

namespace json = boost::json;

json::value write_part(content_part const& part) {
    if (auto const* image = std::get_if<image_part>(&part)) {
        return json::object{{"type", "image_url"}, {"image_url", json::object{{"url", image->url}}}};
    }
    return json::object{{"type", "text"}, {"text", std::get<text_part>(part).text}};
}

json::value write_content(prompt_message const& message) {
    if (!message.parts.empty()) {
        json::array parts;
        for (auto const& one : message.parts) parts.push_back(write_part(one));
        return parts;
    }
    // Whoever only calls tools says nothing, which is written as null.
    if (message.content.empty() && !message.tool_calls.empty()) return nullptr;
    return json::string{message.content};
}

json::object write_message(prompt_message const& message, std::string const& system_role) {
    auto const instructs = message.role == "system" || message.role == "developer";
    json::object out{{"role", instructs ? system_role : message.role}, {"content", write_content(message)}};
    if (!message.tool_calls.empty()) {
        json::array calls;
        for (auto const& call : message.tool_calls) {
            calls.push_back({{"id", call.id},
                             {"type", "function"},
                             {"function", json::object{{"name", call.name}, {"arguments", call.arguments}}}});
        }
        out["tool_calls"] = std::move(calls);
    }
    if (!message.tool_call_id.empty()) out["tool_call_id"] = message.tool_call_id;
    return out;
}

json::array write_tools(std::vector<tool_definition> const& tools) {
    json::array out;
    for (auto const& tool : tools) {
        json::object function{{"name", tool.name}, {"parameters", parameters_schema(tool.parameters)}};
        if (!tool.description.empty()) function["description"] = tool.description;
        out.push_back({{"type", "function"}, {"function", std::move(function)}});
    }
    return out;
}

json::value write_tool_choice(std::string const& choice) {
    if (choice == "auto" || choice == "none" || choice == "required") return json::string{choice};
    return json::object{{"type", "function"}, {"function", json::object{{"name", choice}}}};
}

/// OpenAI keeps strictly only to schemas that forbid other members, and refuses others when they are called
/// strict.
bool is_strict(json::object const& schema) {
    auto const* const more = schema.if_contains("additionalProperties");
    return more != nullptr && more->is_bool() && !more->get_bool();
}

json::object write_response_format(response_format const& format) {
    if (format.schema.empty()) return {{"type", "json_object"}};
    auto schema = object_of(format.schema);
    bool const strict = is_strict(schema);
    return {{"type", "json_schema"},
            {"json_schema", json::object{{"name", format.name.empty() ? "answer" : format.name},
                                         {"strict", strict},
                                         {"schema", std::move(schema)}}}};
}

}  // namespace

std::string write_openai_request(generation_request const& asked, std::string_view remote_model,
                                 upstream_config const& how) {
    json::array messages;
    for (auto const& one : asked.prompt) messages.push_back(write_message(one, how.system_role));
    json::object out{{"model", remote_model}, {"messages", std::move(messages)}, {"stream", true}};
    if (how.stream_usage) out["stream_options"] = json::object{{"include_usage", true}};
    if (asked.temperature) out["temperature"] = *asked.temperature;
    if (asked.top_p) out["top_p"] = *asked.top_p;
    if (asked.max_output_tokens) out[how.max_tokens_parameter] = *asked.max_output_tokens;
    if (!asked.stop.empty()) out["stop"] = json::array(asked.stop.begin(), asked.stop.end());
    if (asked.seed) out["seed"] = *asked.seed;
    if (!asked.tools.empty()) {
        out["tools"] = write_tools(asked.tools);
        if (asked.tool_choice) out["tool_choice"] = write_tool_choice(*asked.tool_choice);
    }
    if (asked.response_format) out["response_format"] = write_response_format(*asked.response_format);
    for (auto const& name : how.leave_out) out.erase(name);
    return json::serialize(out);
}

}  // namespace parley::upstream
