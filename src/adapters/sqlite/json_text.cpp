#include "adapters/sqlite/json_text.hpp"

#include "adapters/sqlite/parsed_json.hpp"

namespace parley::sqlite {
namespace json = boost::json;

std::optional<std::string> attributes_to_json(attributes const& values) {
    if (values.empty()) return std::nullopt;
    json::object out;
    for (auto const& [key, value] : values) out.emplace(key, value);
    return json::serialize(out);
}

attributes attributes_from_json(std::string_view text) {
    attributes out;
    with_parsed(text, [&](json::value const& value) {
        auto const* const pairs = value.if_object();
        if (pairs == nullptr) return;
        for (auto const& pair : *pairs) {
            out.emplace(std::string{pair.key().data(), pair.key().size()}, text_of(&pair.value()));
        }
    });
    return out;
}

std::optional<std::string> strings_to_json(std::vector<std::string> const& values) {
    if (values.empty()) return std::nullopt;
    json::array out;
    for (auto const& value : values) out.emplace_back(value);
    return json::serialize(out);
}

std::vector<std::string> strings_from_json(std::string_view text) {
    std::vector<std::string> out;
    with_parsed(text, [&](json::value const& value) {
        auto const* const items = value.if_array();
        if (items == nullptr) return;
        for (auto const& item : *items) out.push_back(text_of(&item));
    });
    return out;
}

std::string parts_to_json(content_parts const& parts) {
    json::array out;
    for (auto const& part : parts) {
        if (auto const* const image = std::get_if<image_part>(&part)) {
            out.push_back({{"type", "image_url"}, {"url", image->url}});
        } else {
            out.push_back({{"type", "text"}, {"text", std::get<text_part>(part).text}});
        }
    }
    return json::serialize(out);
}

content_parts parts_from_json(std::string_view text) {
    content_parts out;
    with_parsed(text, [&](json::value const& value) {
        for_each_object(&value, [&](json::object const& part) {
            if (text_of(part.if_contains("type")) == "image_url") {
                out.emplace_back(image_part{text_of(part.if_contains("url"))});
            } else {
                out.emplace_back(text_part{text_of(part.if_contains("text"))});
            }
        });
    });
    return out;
}

}  // namespace parley::sqlite
