// Strict reading of one JSON object of a request: every field has a type, an unknown one is refused, and the
// first thing that is wrong is reported with its path. Reading goes on after a failure, so that code stays a
// plain list.
#pragma once

#include "common/error.hpp"
#include "entities/attributes.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

/// The body must be one JSON object. Errors: unsupported_media_type (415) when Content-Type is not
/// application/json, malformed_json (400), invalid_type (422).
[[nodiscard]] result<boost::json::object> parse_object(std::optional<std::string_view> content_type,
                                                       std::string_view body);

class object_reader {
public:
    /// `path` is put before the names in errors: "" or "settings.". Both must outlive the reader.
    object_reader(boost::json::object const& object, std::string_view path,
                  std::initializer_list<std::string_view> known);

    // Absent gives nullopt; a wrong type gives nullopt and an error.
    [[nodiscard]] std::optional<std::string> text(std::string_view key);
    [[nodiscard]] std::optional<bool> boolean(std::string_view key);
    [[nodiscard]] std::optional<std::int64_t> integer(
        std::string_view key);  // 3.0 is an integer, as in JSON Schema
    [[nodiscard]] std::optional<double> number(std::string_view key);
    [[nodiscard]] std::optional<std::vector<std::string>> texts(std::string_view key);
    [[nodiscard]] std::optional<attributes> pairs(std::string_view key);
    [[nodiscard]] boost::json::object const* object(std::string_view key);

    /// True when the field is there and null; such a field counts as read.
    [[nodiscard]] bool is_null(std::string_view key) const;
    [[nodiscard]] boost::json::value const* find(std::string_view key) const {
        return object_.if_contains(key);
    }

    /// Notes an error unless there is one already.
    void fail(std::string_view key, std::string code, std::string message);
    void fail(parley::error what);

    [[nodiscard]] std::optional<parley::error> const& failure() const { return failure_; }

private:
    void wrong_type(std::string_view key, std::string_view expected);

    boost::json::object const& object_;
    std::string_view path_;
    std::optional<parley::error> failure_;
};

}  // namespace parley::http
