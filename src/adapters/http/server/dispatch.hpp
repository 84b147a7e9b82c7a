// From a request's header to the endpoint that answers it, or to the refusal. Private to this folder.
#pragma once

#include "adapters/http/server/request_reader.hpp"
#include "adapters/http/server/session_context.hpp"

#include <optional>

namespace parley::http {

struct dispatch_plan {
    endpoint const* target = nullptr;  // who answers, or
    std::optional<response> answer;    // what is answered without a handler
    bool close = false;                // do not wait for the body: answer and close
};

/// Fills path, query, path_parameters and route of `call`.
[[nodiscard]] dispatch_plan plan_request(session_context const& context, request& call,
                                         request_reader const& reader);

/// As handler::turn_away. An exception becomes what it becomes in run_handler.
[[nodiscard]] task<std::optional<response>> run_turn_away(handler& target, request& call);

/// The handler's answer. An exception becomes 500 internal_error and a line in the log with the request id.
[[nodiscard]] task<response> run_handler(handler& target, request& call);

/// The client's X-Request-Id if it is [A-Za-z0-9._-]{1,128}, else a fresh UUID.
void choose_request_id(request& call);

}  // namespace parley::http
