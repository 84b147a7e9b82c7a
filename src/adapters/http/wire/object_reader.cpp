#include "adapters/http/wire/object_reader.hpp"

#include "adapters/http/wire/repeated_names.hpp"
#include "common/ascii.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cmath>

namespace parley::http {
namespace json = boost::json;
namespace {

constexpr std::size_t deepest = 32;

/// RFC 8259 §11 knows no parameters; `charset=utf-8` is common and harmless.
bool is_json(std::string_view content_type) {
    return same_word(without_blanks(content_type.substr(0, content_type.find(';'))), "application/json");
}

std::optional<std::int64_t> as_integer(json::value const& value) {
    if (auto const* number = value.if_int64()) return *number;
    auto const* real = value.if_double();
    constexpr double exact = 9007199254740992.0;  // 2^53: beyond it a double does not name one integer
    if (real != nullptr && std::trunc(*real) == *real && std::abs(*real) <= exact) {
        return static_cast<std::int64_t>(*real);
    }
    return std::nullopt;
}

}  // namespace

result<json::object> parse_object(std::optional<std::string_view> content_type, std::string_view body) {
    if (!content_type || !is_json(*content_type)) {
        return parley::fail(error_kind::unsupported_media, "unsupported_media_type",
                            "The request body must be sent as Content-Type: application/json.");
    }
    json::parse_options options;
    options.max_depth = deepest;
    json::error_code failed;
    auto value = json::parse(body, failed, {}, options);
    if (failed) {
        return parley::fail(error_kind::malformed, "malformed_json",
                            "The request body is not valid JSON in UTF-8: " + failed.message() + ".");
    }
    if (names_repeat(body)) {
        return parley::fail(error_kind::malformed, "malformed_json",
                            "The request body has an object with the same name twice.");
    }
    if (!value.is_object()) return invalid("invalid_type", "The request body must be a JSON object.", "");
    return std::move(value.as_object());
}

object_reader::object_reader(json::object const& object, std::string_view path,
                             std::initializer_list<std::string_view> known)
    : object_(object),
      path_(path) {
    for (auto const& member : object) {
        if (std::ranges::find(known, std::string_view{member.key()}) == known.end()) {
            fail(member.key(), "unknown_field", "There is no field of this name.");
        }
    }
}

std::optional<std::string> object_reader::text(std::string_view key) {
    auto const* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (auto const* string = value->if_string()) return std::string{*string};
    wrong_type(key, "a string");
    return std::nullopt;
}

std::optional<bool> object_reader::boolean(std::string_view key) {
    auto const* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (auto const* boolean = value->if_bool()) return *boolean;
    wrong_type(key, "true or false");
    return std::nullopt;
}

std::optional<std::int64_t> object_reader::integer(std::string_view key) {
    auto const* value = find(key);
    if (value == nullptr) return std::nullopt;
    auto number = as_integer(*value);
    if (!number) wrong_type(key, "an integer");
    return number;
}

std::optional<double> object_reader::number(std::string_view key) {
    auto const* value = find(key);
    if (value == nullptr) return std::nullopt;
    if (value->is_number()) return value->to_number<double>();
    wrong_type(key, "a number");
    return std::nullopt;
}

std::optional<std::vector<std::string>> object_reader::texts(std::string_view key) {
    auto const* value = find(key);
    if (value == nullptr) return std::nullopt;
    auto const* array = value->if_array();
    if (array == nullptr || !std::ranges::all_of(*array, [](auto const& item) { return item.is_string(); })) {
        wrong_type(key, "a list of strings");
        return std::nullopt;
    }
    std::vector<std::string> out;
    out.reserve(array->size());
    for (auto const& item : *array) out.emplace_back(item.get_string());
    return out;
}

std::optional<attributes> object_reader::pairs(std::string_view key) {
    auto const* value = find(key);
    if (value == nullptr) return std::nullopt;
    auto const* map = value->if_object();
    if (map == nullptr ||
        !std::ranges::all_of(*map, [](auto const& pair) { return pair.value().is_string(); })) {
        wrong_type(key, "an object whose values are strings");
        return std::nullopt;
    }
    attributes out;
    for (auto const& pair : *map) out.emplace(pair.key(), pair.value().get_string());
    return out;
}

json::object const* object_reader::object(std::string_view key) {
    auto const* value = find(key);
    if (value == nullptr) return nullptr;
    if (auto const* found = value->if_object()) return found;
    wrong_type(key, "an object");
    return nullptr;
}

bool object_reader::is_null(std::string_view key) const {
    auto const* value = find(key);
    return value != nullptr && value->is_null();
}

void object_reader::fail(std::string_view key, std::string code, std::string message) {
    fail(parley::error{
        error_kind::invalid, std::move(code), std::move(message), std::string{path_} + std::string{key}, {}});
}

void object_reader::fail(parley::error what) {
    if (!failure_) failure_ = std::move(what);
}

void object_reader::wrong_type(std::string_view key, std::string_view expected) {
    fail(key, "invalid_type", "This field must be " + std::string{expected} + ".");
}

}  // namespace parley::http
