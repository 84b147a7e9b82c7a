// Looks at JSON that another server wrote: what is absent or of another type reads as nothing.
// Thread safety: pure functions; views point into the value.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace parley::upstream {

[[nodiscard]] inline boost::json::object const* object_in(boost::json::object const& from,
                                                          std::string_view name) {
    auto const* found = from.if_contains(name);
    return found == nullptr ? nullptr : found->if_object();
}

[[nodiscard]] inline boost::json::array const* array_in(boost::json::object const& from,
                                                        std::string_view name) {
    auto const* found = from.if_contains(name);
    return found == nullptr ? nullptr : found->if_array();
}

/// Empty when there is none.
[[nodiscard]] inline std::string_view text_in(boost::json::object const& from, std::string_view name) {
    auto const* found = from.if_contains(name);
    auto const* text = found == nullptr ? nullptr : found->if_string();
    return text == nullptr ? std::string_view{} : std::string_view{*text};
}

/// More tokens than any request has: a server that tells more is wrong, and sums of it would overflow.
inline constexpr std::int64_t most_tokens = 100'000'000;

/// A whole number from 0 to most_tokens.
[[nodiscard]] inline std::optional<std::int64_t> count_in(boost::json::object const& from,
                                                          std::string_view name) {
    auto const* found = from.if_contains(name);
    auto const* number = found == nullptr ? nullptr : found->if_int64();
    if (number == nullptr || *number < 0 || *number > most_tokens) return std::nullopt;
    return *number;
}

}  // namespace parley::upstream
