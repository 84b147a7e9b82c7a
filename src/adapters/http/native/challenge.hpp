// Answers to who may not ask: 401 and 403 with a challenge (RFC 6750 §3).
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "common/error.hpp"
#include "entities/api_key.hpp"
#include "modules/identity/authenticator.hpp"

#include <string_view>

namespace parley::http {

/// Views of the call. Errors: unauthenticated when a header that says who asks comes twice.
[[nodiscard]] result<credentials> credentials_of(request const& call, authenticator const& identity);

/// The problem with WWW-Authenticate, if it is one of who asks.
[[nodiscard]] response refuse_caller(error const& what, std::string_view request_id);

[[nodiscard]] response refuse_scope(scopes const& wanted, std::string_view request_id);

}  // namespace parley::http
