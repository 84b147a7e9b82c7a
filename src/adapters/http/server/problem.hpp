// Errors on the wire: RFC 9457 problem details with an OpenAI-shaped `error` object beside them, so that both
// kinds of client can read them. The only place where an error kind becomes an HTTP status.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "common/error.hpp"

#include <string_view>

namespace parley::http {

[[nodiscard]] unsigned status_of(error_kind kind);

/// application/problem+json with type, title, status, detail, instance (the request id as urn), code and
/// error{message, type, param, code}. 405 gets no Allow here: the router adds it. 429 and 503 carry
/// Retry-After.
[[nodiscard]] response problem(error const& what, std::string_view request_id);

/// The same under a status that no error kind has (414, 417, 501, 505 and so on).
[[nodiscard]] response problem_with_status(unsigned status, error const& what, std::string_view request_id);

}  // namespace parley::http
