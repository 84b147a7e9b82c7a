#include "adapters/llama/reply_wish.hpp"

#include "adapters/llama/schema_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace parley {

namespace {

constexpr auto no_parameters = R"({"type":"object","properties":{}})";
constexpr auto any_object = R"({"type":"object"})";

result<void> check_tools(std::vector<tool_definition>& tools) {
    for (auto& tool : tools) {
        if (tool.parameters.empty()) tool.parameters = no_parameters;
        auto checked = check_schema(tool.parameters, fmt::format("The parameters of tool \"{}\"", tool.name));
        if (!checked) return checked;
    }
    return {};
}

}  // namespace

result<reply_wish> wish_of(generation_request const& request) {
    reply_wish wish;
    auto const choice = request.tool_choice.value_or("auto");
    if (choice != "none") wish.tools = request.tools;
    wish.must_call = choice != "none" && choice != "auto";
    if (wish.must_call && choice != "required") {
        std::erase_if(wish.tools, [&choice](tool_definition const& tool) { return tool.name != choice; });
    }
    if (wish.must_call && wish.tools.empty()) {
        return invalid("invalid_tool_choice",
                       choice == "required" ? "A tool must be called, and there is none."
                                            : fmt::format("There is no tool \"{}\" to be called.", choice),
                       "settings.tool_choice");
    }
    if (auto checked = check_tools(wish.tools); !checked) return std::unexpected(checked.error());
    if (!request.response_format || wish.must_call) return wish;
    auto const& schema = request.response_format->schema;
    wish.schema = schema.empty() ? any_object : schema;
    if (auto checked = check_schema(*wish.schema, "The schema of response_format"); !checked) {
        return std::unexpected(checked.error());
    }
    return wish;
}

}  // namespace parley
