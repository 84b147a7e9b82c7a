#include "modules/identity/strict_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <utility>

namespace parley {
namespace {

namespace json = boost::json;

/// Of a text that is JSON: each member has one colon outside of strings, and nothing else has.
std::size_t members_written(std::string_view text) {
    std::size_t count = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (in_string && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            in_string = !in_string;
        } else if (text[i] == ':' && !in_string) {
            ++count;
        }
    }
    return count;
}

std::size_t members_read(json::value const& from) {
    std::size_t count = 0;
    if (auto const* object = from.if_object()) {
        for (auto const& member : *object) count += 1 + members_read(member.value());
    } else if (auto const* array = from.if_array()) {
        for (auto const& one : *array) count += members_read(one);
    }
    return count;
}

}  // namespace

std::optional<json::object> strict_object(std::string_view text, std::size_t deepest) {
    json::parse_options options;
    options.max_depth = deepest;
    json::error_code failed;
    auto value = json::parse(text, failed, {}, options);
    if (failed || !value.is_object() || members_read(value) != members_written(text)) return std::nullopt;
    return std::move(value.get_object());
}

}  // namespace parley
