// What a caller's limits come to.
#pragma once

#include "entities/usage_limits.hpp"

namespace parley {

/// A user's own, and else the configuration's; a limit of 0 is none and is absent here.
[[nodiscard]] inline usage_limits effective(usage_limits own, usage_limits const& otherwise) {
    for_each_limit(
        [](char const*, std::optional<std::int64_t>& mine, std::optional<std::int64_t> const& other) {
            if (!mine) mine = other;
            if (mine == 0) mine.reset();
        },
        own, otherwise);
    return own;
}

}  // namespace parley
