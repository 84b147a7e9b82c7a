// How much somebody may do.
#pragma once

#include "common/error.hpp"

#include <cstdint>
#include <optional>

namespace parley {

/// Absent: a user has what the configuration says (limits), a key has no limit of its own. 0: no limit. At
/// most limits::usage_limit each.
struct usage_limits {
    std::optional<std::int64_t> requests_per_minute{};
    std::optional<std::int64_t> concurrent_streams{};  // event streams that are open
    std::optional<std::int64_t> queued_generations{};  // replies that are not over: that wait or are written
    std::optional<std::int64_t> tokens_per_day{};      // of input and output, by days of UTC

    bool operator==(usage_limits const&) const = default;
    [[nodiscard]] bool empty() const { return *this == usage_limits{}; }
};

/// Errors: invalid_limits, param "limits.<name>".
[[nodiscard]] result<usage_limits> make_usage_limits(usage_limits draft);

/// Calls `visit(name, member)` for each limit of one or several usage_limits.
template <class Visit, class... Limits>
void for_each_limit(Visit const& visit, Limits&... of) {
    visit("requests_per_minute", of.requests_per_minute...);
    visit("concurrent_streams", of.concurrent_streams...);
    visit("queued_generations", of.queued_generations...);
    visit("tokens_per_day", of.tokens_per_day...);
}

}  // namespace parley
