#include "adapters/sqlite/extra_json.hpp"

#include "adapters/sqlite/parsed_json.hpp"

namespace parley::sqlite {
namespace json = boost::json;
namespace {

std::optional<std::string> text_unless_empty(json::object const& value) {
    return value.empty() ? std::nullopt : std::optional<std::string>{json::serialize(value)};
}

std::optional<std::string> optional_text(json::object const& in, json::string_view key) {
    auto const* const value = in.if_contains(key);
    return value == nullptr ? std::nullopt : std::optional{text_of(value)};
}

std::int64_t number_in(json::object const& in, json::string_view key) {
    auto const* const value = in.if_contains(key);
    auto const* const number = value == nullptr ? nullptr : value->if_int64();
    return number == nullptr ? 0 : *number;
}

json::array to_json(std::vector<tool_call> const& calls) {
    json::array out;
    for (auto const& one : calls) {
        out.push_back({{"id", one.id}, {"name", one.name}, {"arguments", one.arguments}});
    }
    return out;
}

json::array to_json(std::vector<attempt> const& attempts) {
    json::array out;
    for (auto const& one : attempts) {
        json::object fields{{"target", one.target}, {"outcome", one.outcome}, {"ms", one.duration_ms}};
        if (!one.message.empty()) fields.emplace("message", one.message);
        out.push_back(std::move(fields));
    }
    return out;
}

json::array to_json(std::vector<tool_definition> const& tools) {
    json::array out;
    for (auto const& one : tools) {
        json::object fields{{"name", one.name}};
        if (!one.description.empty()) fields.emplace("description", one.description);
        if (!one.parameters.empty()) fields.emplace("parameters", one.parameters);
        out.push_back(std::move(fields));
    }
    return out;
}

}  // namespace

std::optional<std::string> extra_to_json(message const& value) {
    json::object out;
    if (value.tool_call_id) out.emplace("tool_call_id", *value.tool_call_id);
    if (!value.tool_calls.empty()) out.emplace("tool_calls", to_json(value.tool_calls));
    if (value.reasoning) out.emplace("reasoning", *value.reasoning);
    if (!value.attempts.empty()) out.emplace("attempts", to_json(value.attempts));
    if (value.usage && value.usage->cost) out.emplace("cost", *value.usage->cost);
    return text_unless_empty(out);
}

void read_extra(std::string_view text, message& into) {
    with_parsed(text, [&](json::value const& value) {
        auto const* const found = value.if_object();
        if (found == nullptr) return;
        into.tool_call_id = optional_text(*found, "tool_call_id");
        into.reasoning = optional_text(*found, "reasoning");
        for_each_object(found->if_contains("tool_calls"), [&](json::object const& one) {
            into.tool_calls.push_back({text_of(one.if_contains("id")), text_of(one.if_contains("name")),
                                       text_of(one.if_contains("arguments"))});
        });
        for_each_object(found->if_contains("attempts"), [&](json::object const& one) {
            into.attempts.push_back({text_of(one.if_contains("target")), text_of(one.if_contains("outcome")),
                                     text_of(one.if_contains("message")), number_in(one, "ms")});
        });
        if (into.usage && found->contains("cost")) into.usage->cost = number_in(*found, "cost");
    });
}

std::optional<std::string> tools_to_json(settings const& value) {
    json::object out;
    if (!value.tools.empty()) out.emplace("tools", to_json(value.tools));
    if (value.tool_choice) out.emplace("choice", *value.tool_choice);
    if (value.response_format) {
        json::object format{{"name", value.response_format->name}, {"schema", value.response_format->schema}};
        out.emplace("format", std::move(format));
    }
    return text_unless_empty(out);
}

void read_tools(std::string_view text, settings& into) {
    with_parsed(text, [&](json::value const& value) {
        auto const* const found = value.if_object();
        if (found == nullptr) return;
        for_each_object(found->if_contains("tools"), [&](json::object const& one) {
            into.tools.push_back({text_of(one.if_contains("name")), text_of(one.if_contains("description")),
                                  text_of(one.if_contains("parameters"))});
        });
        into.tool_choice = optional_text(*found, "choice");
        auto const* const member = found->if_contains("format");
        auto const* const format = member == nullptr ? nullptr : member->if_object();
        if (format == nullptr) return;
        into.response_format =
            response_format{text_of(format->if_contains("name")), text_of(format->if_contains("schema"))};
    });
}

}  // namespace parley::sqlite
