// The header Idempotency-Key of POST requests.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "common/error.hpp"
#include "modules/requests/request_keys.hpp"

#include <optional>

namespace parley::http {

/// What is asked under which key. The key is taken raw, as Stripe's clients send it, or in quotes, as
/// draft-ietf-httpapi-idempotency-key-header wants it. Errors: invalid (invalid_parameter) when it is not
/// 1–255 characters of printable ASCII.
[[nodiscard]] result<keyed_request> keyed(request const& call, std::optional<interaction_id> about);

/// Conflict (gone_meanwhile): what the first of these requests made is no longer there, and is not made
/// again.
[[nodiscard]] std::unexpected<error> gone_since();

/// Tells the client that it has sent this before.
void mark_replayed(response& out, request_keys::entry const& asked);

}  // namespace parley::http
