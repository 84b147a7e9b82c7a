#include "entities/tools.hpp"

#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

#include <algorithm>
#include <string_view>

namespace parley {
namespace {

constexpr std::string_view code = "invalid_settings";

result<void> check_tool(tool_definition const& tool) {
    constexpr std::string_view param = "settings.tools";
    if (!is_tool_name(tool.name)) {
        return invalid(std::string{code}, "A tool's name has from 1 to 64 letters, digits, _ and -.",
                       std::string{param});
    }
    if (auto ok = check_text(tool.description, {0, limits::tool_description}, code, param); !ok) return ok;
    return check_text(tool.parameters, {0, limits::schema}, code, param);
}

}  // namespace

bool is_tool_name(std::string_view text) {
    return !text.empty() && text.size() <= limits::tool_name && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

result<void> check_tools(std::vector<tool_definition> const& tools) {
    constexpr std::string_view param = "settings.tools";
    if (tools.size() > limits::tools) {
        return invalid(std::string{code}, "At most 128 tools are allowed.", std::string{param});
    }
    std::size_t bytes = 0;
    for (auto const& tool : tools) {
        if (auto ok = check_tool(tool); !ok) return ok;
        bytes += tool.name.size() + tool.description.size() + tool.parameters.size();
        if (std::ranges::count(tools, tool.name, &tool_definition::name) > 1) {
            return invalid(std::string{code}, "Two tools have the name \"" + tool.name + "\".",
                           std::string{param});
        }
    }
    if (bytes > limits::all_tools_bytes) {
        return invalid(std::string{code}, "All tools together are larger than 256 KiB.", std::string{param});
    }
    return {};
}

result<void> check_tool_choice(std::string const& choice) {
    if (is_tool_name(choice)) return {};
    return invalid(std::string{code}, "tool_choice must be auto, none, required or the name of a tool.",
                   "settings.tool_choice");
}

result<void> check_response_format(response_format const& format) {
    constexpr std::string_view param = "settings.response_format";
    if (format.schema.empty() && format.name.empty()) return {};
    if (!is_tool_name(format.name)) {
        return invalid(std::string{code}, "A schema's name has from 1 to 64 letters, digits, _ and -.",
                       std::string{param});
    }
    return check_text(format.schema, {1, limits::schema}, code, param);
}

}  // namespace parley
