#include "adapters/http/wire/tools.hpp"

#include <boost/json/serialize.hpp>

#include <string>
#include <utility>

namespace parley::http {
namespace json = boost::json;
namespace {

constexpr auto code = "invalid_settings";

/// A JSON Schema as its text; empty when it is left out.
std::string schema_of(object_reader& in, std::string_view key) {
    if (in.is_null(key)) return {};
    auto const* const object = in.object(key);
    return object == nullptr ? std::string{} : json::serialize(*object);
}

std::optional<tool_definition> read_tool(json::value const& value, object_reader& settings) {
    auto const* const object = value.if_object();
    if (object == nullptr)
        return settings.fail("tools", "invalid_type", "A tool is an object."), std::nullopt;
    object_reader in{*object, "settings.tools.", {"name", "description", "parameters"}};
    tool_definition tool;
    auto name = in.text("name");
    tool.description = in.is_null("description") ? "" : in.text("description").value_or("");
    tool.parameters = schema_of(in, "parameters");
    if (!name) in.fail("name", "missing_field", "This field is required.");
    if (in.failure()) return settings.fail(*in.failure()), std::nullopt;
    tool.name = std::move(*name);
    return tool;
}

std::optional<response_format> read_format(json::object const& object, object_reader& settings) {
    object_reader in{object, "settings.response_format.", {"type", "name", "schema"}};
    auto const type = in.text("type");
    response_format format;
    format.name = in.text("name").value_or("");
    format.schema = schema_of(in, "schema");
    if (!type) in.fail("type", "missing_field", "This field is required.");
    bool const with_schema = type == "json_schema";
    if (type && !with_schema && type != "json_object") {
        in.fail("type", code, "The type must be json_object or json_schema.");
    }
    if (with_schema && (format.name.empty() || format.schema.empty())) {
        in.fail("schema", "missing_field", "json_schema needs a name and a schema.");
    }
    if (type == "json_object" && (!format.name.empty() || !format.schema.empty())) {
        in.fail("schema", code, "json_object has neither name nor schema.");
    }
    if (in.failure()) return settings.fail(*in.failure()), std::nullopt;
    return format;
}

}  // namespace

std::optional<std::vector<tool_definition>> read_tools(object_reader& settings) {
    auto const* const value = settings.find("tools");
    if (value == nullptr) return std::nullopt;
    std::vector<tool_definition> tools;
    if (value->is_null()) return tools;
    auto const* const list = value->if_array();
    if (list == nullptr) {
        return settings.fail("tools", "invalid_type", "This field must be a list of tools."), std::nullopt;
    }
    for (auto const& one : *list) {
        auto tool = read_tool(one, settings);
        if (!tool) return std::nullopt;
        tools.push_back(std::move(*tool));
    }
    return tools;
}

std::optional<std::optional<response_format>> read_response_format(object_reader& settings) {
    using change = std::optional<std::optional<response_format>>;
    if (settings.is_null("response_format")) return change{std::in_place, std::nullopt};
    auto const* const object = settings.object("response_format");
    if (object == nullptr) return std::nullopt;
    auto format = read_format(*object, settings);
    return format ? change{std::in_place, std::move(format)} : change{};
}

void write(json_writer& out, std::vector<tool_definition> const& tools) {
    out.begin_array();
    for (auto const& tool : tools) {
        out.begin_object();
        out.member("name", tool.name);
        out.member("description", tool.description);
        out.key("parameters");
        if (tool.parameters.empty()) {
            out.null();
        } else {
            out.raw(tool.parameters);
        }
        out.end_object();
    }
    out.end_array();
}

void write(json_writer& out, std::optional<response_format> const& format) {
    if (!format) return out.null();
    out.begin_object();
    out.member("type", format->schema.empty() ? "json_object" : "json_schema");
    if (!format->schema.empty()) {
        out.member("name", format->name);
        out.key("schema");
        out.raw(format->schema);
    }
    out.end_object();
}

void write(json_writer& out, std::vector<tool_call> const& calls) {
    out.begin_array();
    for (auto const& call : calls) {
        out.begin_object();
        out.member("id", call.id);
        out.member("name", call.name);
        out.member("arguments", call.arguments);
        out.end_object();
    }
    out.end_array();
}

}  // namespace parley::http
