#include "adapters/llama/conversation.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace parley {

namespace json = boost::json;

namespace {

constexpr std::size_t deepest = 64;

std::optional<json::value> parsed(std::string_view text) {
    json::parse_options options;
    options.max_depth = deepest;
    boost::system::error_code failed;
    auto value = json::parse(text, failed, {}, options);
    if (failed) return std::nullopt;
    return value;
}

std::string as_object(std::string const& arguments) {
    if (arguments.empty()) return "{}";
    auto value = parsed(arguments);
    if (value && value->is_object()) return json::serialize(*value);
    return json::serialize(json::value{{"input", arguments}});
}

json::value broken_value(control_words const& words, json::value const& value) {
    if (auto const* text = value.if_string()) return json::value(words.broken(*text));
    if (auto const* list = value.if_array()) {
        json::array safe;
        for (auto const& item : *list) safe.push_back(broken_value(words, item));
        return safe;
    }
    if (auto const* object = value.if_object()) {
        json::object safe;
        for (auto const& [name, inner] : *object) safe[words.broken(name)] = broken_value(words, inner);
        return safe;
    }
    return value;
}

/// A text as it is where it is no JSON.
std::string broken_json(control_words const& words, std::string const& text) {
    auto const value = parsed(text);
    if (!value) return words.broken(text);
    auto safe = broken_value(words, *value);
    return safe == *value ? text : json::serialize(safe);
}

std::string described(tool_definition const& tool) {
    json::object about{{"name", tool.name}};
    if (!tool.description.empty()) about["description"] = tool.description;
    about["parameters"] = parsed(tool.parameters).value_or(json::object{});
    return json::serialize(about);
}

std::string instructions(std::span<tool_definition const> tools) {
    std::string text = "You can call these tools, described by one JSON object each:\n";
    for (auto const& tool : tools) text += described(tool) + "\n";
    text += fmt::format(
        "To call one, write nothing but {}{{\"name\": \"the name of the tool\", \"arguments\": {{}}}}{} with "
        "the "
        "arguments that its parameters ask for. Its result comes as <tool_response>. Call a tool only when "
        "you "
        "need it.",
        call_begin, call_end);
    return text;
}

std::string with_calls(prompt_message const& message) {
    auto text = message.content;
    for (auto const& call : message.tool_calls) {
        if (!text.empty()) text += "\n";
        text += fmt::format("{}{{\"name\": {}, \"arguments\": {}}}{}", call_begin,
                            json::serialize(json::value(call.name)), call.arguments, call_end);
    }
    return text;
}

/// Results and what the user says behind them become one message: many templates know only turns that
/// alternate.
void add_said_by_user(std::vector<prompt_message>& to, std::string text, bool behind_result) {
    if (behind_result) {
        to.back().content += "\n" + text;
    } else {
        to.push_back({.role = "user", .content = std::move(text)});
    }
}

}  // namespace

conversation conversation_of(std::span<prompt_message const> messages,
                             std::span<tool_definition const> tools) {
    conversation said{{messages.begin(), messages.end()}, {tools.begin(), tools.end()}};
    for (auto& message : said.messages) {
        for (auto& call : message.tool_calls) call.arguments = as_object(call.arguments);
    }
    return said;
}

bool speaks_of_tools(conversation const& said) {
    return !said.tools.empty() || std::ranges::any_of(said.messages, [](prompt_message const& message) {
        return message.role == "tool" || !message.tool_calls.empty();
    });
}

conversation broken(control_words const& words, conversation const& said) {
    auto safe = said;
    for (auto& message : safe.messages) {
        message.content = words.broken(message.content);
        message.tool_call_id = words.broken(message.tool_call_id);
        for (auto& call : message.tool_calls) {
            call = {words.broken(call.id), words.broken(call.name), broken_json(words, call.arguments)};
        }
    }
    for (auto& tool : safe.tools) {
        tool = {words.broken(tool.name), words.broken(tool.description), broken_json(words, tool.parameters)};
    }
    return safe;
}

bool has_control_words(control_words const& words, conversation const& said) {
    auto const in_content = [&words](prompt_message const& message) {
        return words.stand_in(message.content);
    };
    if (std::ranges::any_of(said.messages, in_content)) return true;
    if (!speaks_of_tools(said)) return false;
    auto const safe = broken(words, said);
    return safe.messages != said.messages || safe.tools != said.tools;
}

conversation in_words(conversation const& said) {
    conversation spoken;
    bool behind_result = false;
    for (auto const& message : said.messages) {
        auto const result = message.role == "tool";
        if (result) {
            add_said_by_user(spoken.messages, "<tool_response>\n" + message.content + "\n</tool_response>",
                             behind_result);
        } else if (message.role == "user" && behind_result) {
            add_said_by_user(spoken.messages, message.content, behind_result);
        } else {
            spoken.messages.push_back({.role = message.role, .content = with_calls(message)});
        }
        behind_result = result;
    }
    if (said.tools.empty()) return spoken;
    auto& messages = spoken.messages;
    auto const led =
        !messages.empty() && (messages.front().role == "system" || messages.front().role == "developer");
    if (!led) messages.insert(messages.begin(), {.role = "system", .content = {}});
    auto& system = messages.front().content;
    system += (system.empty() ? "" : "\n\n") + instructions(said.tools);
    return spoken;
}

std::string tool_name_of(conversation const& said, prompt_message const& tool_result) {
    for (auto const& message : said.messages) {
        for (auto const& call : message.tool_calls) {
            if (call.id == tool_result.tool_call_id) return call.name;
        }
    }
    return {};
}

}  // namespace parley
