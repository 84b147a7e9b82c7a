// What of a request's headers goes along to other servers.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "services/language_model.hpp"

namespace parley::http {

/// The request's id, and its traceparent when that is valid (W3C Trace Context, version 00).
[[nodiscard]] trace_context trace_of(request const& call);

}  // namespace parley::http
