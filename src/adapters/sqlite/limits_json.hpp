// The limits of a user or a key as one JSON text; NULL in the row of those who have none of their own.
#pragma once

#include "entities/usage_limits.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::sqlite {

/// {"requests_per_minute":n,…}, each only when it is there; nullopt when none is.
[[nodiscard]] std::optional<std::string> limits_to_json(usage_limits const& value);

/// What a damaged file holds gives what can be read of it.
[[nodiscard]] usage_limits limits_from_json(std::string_view text);

}  // namespace parley::sqlite
