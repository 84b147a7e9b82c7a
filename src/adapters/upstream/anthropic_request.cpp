#include "adapters/upstream/request_body.hpp"
#include "adapters/upstream/schema_text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace parley::upstream {
namespace {

namespace json = boost::json;

/// data:image/png;base64,iVBORw0… as its type and its data.
json::object write_image(std::string_view url) {
    constexpr std::string_view scheme = "data:";
    if (url.starts_with(scheme)) url.remove_prefix(scheme.size());
    auto const comma = std::min(url.find(','), url.size());
    auto const type = url.substr(0, std::min(url.find(';'), comma));
    auto const data = url.substr(std::min(comma + 1, url.size()));
    return {{"type", "image"},
            {"source", json::object{{"type", "base64"}, {"media_type", type}, {"data", data}}}};
}

void add_text(std::string const& text, json::array& into) {
    // Empty blocks are refused.
    if (!text.empty()) into.push_back({{"type", "text"}, {"text", text}});
}

json::array write_blocks(prompt_message const& message) {
    json::array out;
    if (message.role == "tool") {
        out.push_back(
            {{"type", "tool_result"}, {"tool_use_id", message.tool_call_id}, {"content", message.content}});
        return out;
    }
    if (message.parts.empty()) add_text(message.content, out);
    for (auto const& part : message.parts) {
        if (auto const* image = std::get_if<image_part>(&part)) {
            out.push_back(write_image(image->url));
        } else {
            add_text(std::get<text_part>(part).text, out);
        }
    }
    for (auto const& call : message.tool_calls) {
        out.push_back({{"type", "tool_use"},
                       {"id", call.id},
                       {"name", call.name},
                       {"input", object_of(call.arguments)}});
    }
    return out;
}

/// Neighbours of one role become one message: the results of all calls must stand together behind them.
void add_message(prompt_message const& message, json::array& into) {
    auto blocks = write_blocks(message);
    if (blocks.empty()) return;
    auto const* const role = message.role == "assistant" ? "assistant" : "user";
    if (!into.empty() && into.back().as_object()["role"] == role) {
        auto& before = into.back().as_object()["content"].as_array();
        before.insert(before.end(), blocks.begin(), blocks.end());
        return;
    }
    into.push_back({{"role", role}, {"content", std::move(blocks)}});
}

json::array write_tools(std::vector<tool_definition> const& tools) {
    json::array out;
    for (auto const& tool : tools) {
        json::object one{{"name", tool.name}, {"input_schema", parameters_schema(tool.parameters)}};
        if (!tool.description.empty()) one["description"] = tool.description;
        out.push_back(std::move(one));
    }
    return out;
}

json::object write_tool_choice(std::string const& choice) {
    if (choice == "required") return {{"type", "any"}};
    if (choice == "auto" || choice == "none") return {{"type", choice}};
    return {{"type", "tool"}, {"name", choice}};
}

}  // namespace

std::string write_anthropic_request(generation_request const& asked, std::string_view remote_model,
                                    upstream_config const& how, std::int64_t default_max_tokens) {
    std::string system;
    json::array messages;
    for (auto const& one : asked.prompt) {
        if (one.role == "system" || one.role == "developer") {
            if (!system.empty() && !one.content.empty()) system += "\n\n";
            system += one.content;
        } else {
            add_message(one, messages);
        }
    }
    json::object out{{"model", remote_model},
                     {"max_tokens", asked.max_output_tokens.value_or(default_max_tokens)},
                     {"messages", std::move(messages)},
                     {"stream", true}};
    if (!system.empty()) out["system"] = system;
    if (asked.temperature) out["temperature"] = std::min(*asked.temperature, 1.0);
    if (asked.top_p) out["top_p"] = *asked.top_p;
    json::array stop;
    for (auto const& one : asked.stop) {
        // The real service refuses a request with one of nothing but white space.
        if (one.find_first_not_of(" \t\r\n") != std::string::npos) stop.emplace_back(one);
    }
    if (!stop.empty()) out["stop_sequences"] = std::move(stop);
    if (!asked.tools.empty()) {
        out["tools"] = write_tools(asked.tools);
        if (asked.tool_choice) out["tool_choice"] = write_tool_choice(*asked.tool_choice);
    }
    for (auto const& name : how.leave_out) out.erase(name);
    return json::serialize(out);
}

}  // namespace parley::upstream
