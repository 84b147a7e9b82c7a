// Points in time as the API shows them: RFC 3339, UTC, milliseconds.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley {

using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// What RFC 3339 can write.
inline constexpr timestamp earliest_timestamp{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}};
inline constexpr timestamp latest_timestamp{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} -
                                            std::chrono::milliseconds{1}};

/// "2026-11-23T12:00:00.000Z". From earliest_timestamp to latest_timestamp.
[[nodiscard]] std::string to_rfc3339(timestamp at);

/// The same into memory of the caller.
inline constexpr std::size_t rfc3339_size = 24;
void write_rfc3339(timestamp at, std::span<char, rfc3339_size> text);

/// Accepts "YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)"; digits past milliseconds are cut, and what an offset
/// or a leap second leads out of the years 0–9999 is brought to their end. nullopt for anything else.
[[nodiscard]] std::optional<timestamp> parse_rfc3339(std::string_view text);

/// Milliseconds since 1970-01-01T00:00:00Z: the form in which stores keep a time.
[[nodiscard]] inline std::int64_t to_unix_ms(timestamp at) { return at.time_since_epoch().count(); }
[[nodiscard]] inline timestamp from_unix_ms(std::int64_t ms) {
    return timestamp{std::chrono::milliseconds{ms}};
}

}  // namespace parley
