// Single values of a row that may be absent, and enumerations kept as numbers in the order of their
// declaration.
#pragma once

#include "adapters/sqlite/query.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace parley::sqlite {

[[nodiscard]] inline std::optional<std::int64_t> optional_number(query const& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional{row.number(column)};
}

[[nodiscard]] inline std::optional<timestamp> optional_time(query const& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional{row.time(column)};
}

[[nodiscard]] inline std::optional<std::string> optional_text(query const& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional<std::string>{row.text(column)};
}

template <class Id>
[[nodiscard]] std::optional<Id> optional_id(query const& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional{row.id_at<Id>(column)};
}

template <class Enum>
[[nodiscard]] constexpr std::int64_t number_of(Enum value) {
    return static_cast<std::int64_t>(value);
}

/// A number outside the enumeration (only a damaged file holds one) gives its first value.
template <class Enum>
[[nodiscard]] Enum enum_at(query const& row, int column, Enum last) {
    auto const value = row.number(column);
    return static_cast<Enum>(value >= 0 && value <= number_of(last) ? value : 0);
}

}  // namespace parley::sqlite
