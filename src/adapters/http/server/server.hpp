// The HTTP server: listens, spreads connections over one event loop per core, drains and stops.
// Ownership: the routes (with their handlers) and the metrics outlive the server. Whoever posts to the event
// loops from threads of its own is stopped after stop() and before the server is destroyed. Thread safety:
// one thread at a time; event_loops() from any.
#pragma once

#include "adapters/http/server/route_table.hpp"
#include "common/config.hpp"
#include "common/error.hpp"
#include "services/metrics.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace parley::http {

class server {
public:
    /// Reads settings.server, settings.auth.mode (with "none", Host and Origin are checked) and
    /// settings.log.requests.
    server(config const& settings, route_table const& routes, metrics& telemetry);
    ~server();
    server(server const&) = delete;
    server& operator=(server const&) = delete;

    /// Binds and listens; returns the port. Connections wait in the kernel until start().
    /// Errors: invalid_host, address_in_use, cannot_bind.
    [[nodiscard]] result<std::uint16_t> listen();

    /// The single-threaded executors of the loops; they run once start() was called.
    [[nodiscard]] std::vector<boost::asio::any_io_executor> event_loops() const;

    /// Starts the threads and serves.
    void start();

    /// Accepts no more, closes idle connections, tells event streams; what runs may finish. Returns at once.
    void begin_drain();

    /// begin_drain(), then waits. After `grace` the rest is closed; false when that was needed.
    [[nodiscard]] bool drain(std::chrono::milliseconds grace);

    /// Closes everything and ends the threads. Handlers that still run after a second are abandoned.
    void stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace parley::http
