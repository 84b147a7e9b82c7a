// RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10): how much of a limit is left.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "modules/limits/usage_guard.hpp"

#include <string_view>
#include <vector>

namespace parley::http {

/// Nothing when there are no limits.
void add_rate_headers(response& out, std::vector<request_allowance> const& limits);

/// Of the limit that a 429 is about; nothing for other errors.
void add_spent_limit(response& out, error const& why);

/// 429 of the limit that refused.
[[nodiscard]] response refuse_rate(request_allowance const& limit, std::string_view request_id);

}  // namespace parley::http
