// "Did you mean …": the known word nearest to one that is unknown.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley {

/// Nothing when no candidate is near: more than about a third of the letters would have to change. A
/// candidate that ends in the same last part ("port" and "server.port", PARLEY_PORT and PARLEY_SERVER_PORT)
/// counts as near.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 std::span<std::string const> candidates);

}  // namespace parley
