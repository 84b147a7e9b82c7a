// JSON that decides about access: read only when there is one way to read it. Thread safety: plain functions.
#pragma once

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace parley {

/// Nullopt for what is no JSON object, is nested deeper than `deepest` levels, or has two members of one name
/// anywhere: others may take the first of them where we would take the last (RFC 8259 §4, RFC 7515 §4).
[[nodiscard]] std::optional<boost::json::object> strict_object(std::string_view text, std::size_t deepest);

}  // namespace parley
