// JSON that comes as text and goes into a request as JSON. Thread safety: pure functions.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <string>

namespace parley::upstream {

/// The object that the text is; an empty one when it is none.
[[nodiscard]] inline boost::json::object object_of(std::string const& text) {
    boost::json::error_code failed;
    auto parsed = boost::json::parse(text, failed);
    if (failed || !parsed.is_object()) return {};
    return std::move(parsed.get_object());
}

/// A JSON Schema of an object; one that allows nothing in it where there is no text.
[[nodiscard]] inline boost::json::object parameters_schema(std::string const& text) {
    auto schema = object_of(text);
    if (schema.empty()) schema = {{"type", "object"}, {"properties", boost::json::object{}}};
    return schema;
}

}  // namespace parley::upstream
