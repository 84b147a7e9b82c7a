// From an address to a connection that is ready for a request: name, proxy, connection, TLS.
// Thread safety: one event loop.
#pragma once

#include "adapters/upstream/address.hpp"
#include "adapters/upstream/connection.hpp"
#include "adapters/upstream/failures.hpp"
#include "adapters/upstream/lifeline.hpp"
#include "adapters/upstream/name_lookup.hpp"
#include "adapters/upstream/proxy.hpp"
#include "common/error.hpp"
#include "common/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>

namespace parley::upstream {

/// The way to an upstream; constant.
struct route_to {
    server_address server;
    std::optional<proxy_address> proxy;
    std::shared_ptr<name_lookup> name;               // of the proxy where there is one, else of the server
    std::shared_ptr<boost::asio::ssl::context> tls;  // null: plain
};

/// Whoever calls has set the deadline of `life`. `way` and `words` outlive the task. Errors: unavailable
/// (upstream_unreachable); when `life` has ended, any.
[[nodiscard]] task<result<std::unique_ptr<connection>>> dial(boost::asio::any_io_executor executor,
                                                             route_to const& way, failures const& words,
                                                             std::shared_ptr<lifeline> life);

}  // namespace parley::upstream
