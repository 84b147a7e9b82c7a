#include "adapters/mongo/settings_document.hpp"

namespace parley::mongo {
namespace {

std::vector<std::string> texts_at(bson_t const& from, char const* key) {
    std::vector<std::string> out;
    auto const members = view_at(from, key);
    if (!members) return out;
    bson_iter_t at;
    bson_t const& texts = *members;
    bson_iter_init(&at, &texts);
    while (bson_iter_next(&at)) {
        std::uint32_t size = 0;
        char const* const text = bson_iter_utf8(&at, &size);
        if (text != nullptr) out.emplace_back(text, size);
    }
    return out;
}

std::vector<tool_definition> read_tools(bson_t const& from) {
    std::vector<tool_definition> out;
    for_each_document(from, [&](bson_t const& one) {
        out.push_back({text_at(one, "name").value_or(""), text_at(one, "description").value_or(""),
                       text_at(one, "parameters").value_or("")});
    });
    return out;
}

array to_array(std::vector<tool_definition> const& tools) {
    array out;
    for (auto const& one : tools) {
        out.push(doc("name", std::string_view{one.name})
                     .put("description", std::string_view{one.description})
                     .put("parameters", std::string_view{one.parameters}));
    }
    return out;
}

}  // namespace

settings read_settings(bson_t const& from) {
    settings out;
    out.model_name = text_at(from, "model_name");
    out.role = parse_prompt_role(text_at(from, "role").value_or("")).value_or(prompt_role::system);
    out.prompt = text_at(from, "prompt");
    out.temperature = real_at(from, "temperature");
    out.top_p = real_at(from, "top_p");
    out.max_output_tokens = number_at(from, "max_output_tokens");
    out.seed = number_at(from, "seed");
    out.stop = texts_at(from, "stop");
    out.on_busy = parse_busy_policy(text_at(from, "on_busy").value_or("")).value_or(busy_policy::reject);
    out.content_template = text_at(from, "content_template");
    for (auto const& text : texts_at(from, "mask")) {
        if (auto const what = parse_masked(text)) out.mask.push_back(*what);
    }
    if (auto const tools = view_at(from, "tools")) out.tools = read_tools(*tools);
    out.tool_choice = text_at(from, "tool_choice");
    if (auto const format = view_at(from, "response_format")) {
        out.response_format =
            response_format{text_at(*format, "name").value_or(""), text_at(*format, "schema").value_or("")};
    }
    return out;
}

document to_document(settings const& value) {
    array stop;
    for (auto const& one : value.stop) stop.push(std::string_view{one});
    array mask;
    for (auto const one : value.mask) mask.push(to_text(one));
    document out;
    out.put("model_name", value.model_name)
        .put("role", to_text(value.role))
        .put("prompt", value.prompt)
        .put("temperature", value.temperature)
        .put("top_p", value.top_p)
        .put("max_output_tokens", value.max_output_tokens)
        .put("seed", value.seed)
        .put("content_template", value.content_template);
    if (value.on_busy != busy_policy::reject) out.put("on_busy", to_text(value.on_busy));
    if (stop.size() > 0) out.put_array("stop", stop.members());
    if (mask.size() > 0) out.put_array("mask", mask.members());
    if (!value.tools.empty()) out.put_array("tools", to_array(value.tools).members());
    out.put("tool_choice", value.tool_choice);
    if (value.response_format) {
        auto const& [name, schema] = *value.response_format;
        out.put("response_format",
                doc("name", std::string_view{name}).put("schema", std::string_view{schema}));
    }
    return out;
}

}  // namespace parley::mongo
