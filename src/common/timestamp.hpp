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

/// "2026-11-23T12:00:00.000Z". Years 0–9999.
[[nodiscard]] std::string to_rfc3339(timestamp at);

/// The same into memory of the caller.
inline constexpr std::size_t rfc3339_size = 24;
void write_rfc3339(timestamp at, std::span<char, rfc3339_size> text);

/// Accepts "YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)"; digits past milliseconds are cut. nullopt for anything
/// else.
[[nodiscard]] std::optional<timestamp> parse_rfc3339(std::string_view text);

/// Milliseconds since 1970-01-01T00:00:00Z: the form in which stores keep a time.
[[nodiscard]] inline std::int64_t to_unix_ms(timestamp at) { return at.time_since_epoch().count(); }
[[nodiscard]] inline timestamp from_unix_ms(std::int64_t ms) {
    return timestamp{std::chrono::milliseconds{ms}};
}

}  // namespace parley
