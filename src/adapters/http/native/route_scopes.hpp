// What a route wants of who asks.
#pragma once

#include "entities/api_key.hpp"

namespace parley::http {

inline constexpr scopes to_read{.read = true};
inline constexpr scopes to_write{.write = true};
inline constexpr scopes to_administer{.admin = true};

}  // namespace parley::http
