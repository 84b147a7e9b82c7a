// What all sessions of a server share, and what one session and its event loop tell each other.
#pragma once

#include "adapters/http/server/cors.hpp"
#include "adapters/http/server/host_guard.hpp"
#include "adapters/http/server/route_table.hpp"
#include "common/config.hpp"
#include "common/wakeup.hpp"
#include "services/metrics.hpp"

#include <optional>

namespace parley::http {

enum class request_logging { none, errors, all };

/// Immutable; outlives every session.
struct session_context {
    server_config limits;
    route_table const& routes;
    metrics& telemetry;
    std::optional<host_guard> guard;  // empty: every Host and Origin is welcome
    request_logging logging = request_logging::errors;
    std::optional<cors_policy> cors{};  // empty: no page of another origin may ask
    bool same_site_only = false;        // a proxy names people whom it knows by what their browsers send
};

/// Thread safety: the connection's event loop only.
struct session_signals {
    bool idle = false;                // set by the session: it waits for a request
    bool draining = false;            // set by the loop: no further request
    wakeup* wake_on_drain = nullptr;  // of the stream that runs
};

}  // namespace parley::http
