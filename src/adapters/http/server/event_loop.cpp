#include "adapters/http/server/event_loop.hpp"

#include "adapters/http/server/session.hpp"
#include "common/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>

namespace parley::http {
namespace {

constexpr std::size_t most_turned_away = 256;  // at once; more are closed without an answer

/// Deadlines are kept to a quarter of the shortest one, at most a quarter of a second late.
std::chrono::milliseconds sweep_period(server_config const& limits) {
    auto const shortest =
        std::min({limits.header_timeout, limits.body_timeout, limits.idle_timeout, limits.write_timeout});
    return std::clamp(shortest / 4, std::chrono::milliseconds{5}, std::chrono::milliseconds{250});
}

/// Tells the figures of a connection as long as it lives.
class counted_connection {
public:
    counted_connection(metrics& telemetry, connection_count& open) : telemetry_(telemetry), open_(open) {
        telemetry_.connection(connection_change::opened);
    }
    ~counted_connection() {
        telemetry_.connection(connection_change::closed);
        open_.closed();
    }
    counted_connection(counted_connection const&) = delete;
    counted_connection& operator=(counted_connection const&) = delete;

private:
    metrics& telemetry_;
    connection_count& open_;
};

}  // namespace

event_loop::event_loop(session_context const& context, connection_count& open)
    : context_(context),
      open_(open),
      sweep_period_(sweep_period(context.limits)),
      keep_running_(io_.get_executor()),
      sweep_timer_(io_) {}

void event_loop::run() {
    for (;;) {
        try {
            io_.run();
            return;
        } catch (std::exception const& failed) {
            log::error("event loop: an exception got out of a task", {{"what", failed.what()}});
        }
    }
}

void event_loop::adopt(tcp_socket socket) {
    boost::asio::post(io_, [this, socket = std::move(socket)]() mutable { spawn(std::move(socket), true); });
}

void event_loop::turn_away(tcp_socket socket) {
    boost::asio::post(io_, [this, socket = std::move(socket)]() mutable { spawn(std::move(socket), false); });
}

void event_loop::spawn(tcp_socket socket, bool welcome) {
    if (!welcome && turned_away_ >= most_turned_away) return;
    auto client = std::make_unique<connection>(std::move(socket), context_.limits.write_timeout);
    client->signals.draining = draining_;
    connections_.push_back(*client);
    arm_sweep();
    boost::asio::co_spawn(io_, welcome ? serve(*this, std::move(client)) : refuse(*this, std::move(client)),
                          boost::asio::detached);
}

task<void> event_loop::serve(event_loop& loop, std::unique_ptr<connection> client) {
    counted_connection const counted(loop.context_.telemetry, loop.open_);
    session serving(loop.context_, *client, client->signals, loop.io_.get_executor());
    try {
        co_await serving.run();
    } catch (std::exception const& failed) {
        log::error("connection failed", {{"what", failed.what()}});
    }
}

task<void> event_loop::refuse(event_loop& loop, std::unique_ptr<connection> client) {
    ++loop.turned_away_;
    session serving(loop.context_, *client, client->signals, loop.io_.get_executor());
    error why{error_kind::overloaded, "too_many_connections",
              "The server has as many connections as it takes."};
    try {
        co_await serving.turn_away(std::move(why));
    } catch (std::exception const& failed) {
        log::error("connection failed", {{"what", failed.what()}});
    }
    --loop.turned_away_;
}

void event_loop::begin_drain() {
    boost::asio::post(io_, [this] {
        draining_ = true;
        for (auto& one : connections_) one.drain();
    });
}

void event_loop::close_all() {
    boost::asio::post(io_, [this] {
        draining_ = true;
        for (auto& one : connections_) one.close();
    });
}

void event_loop::arm_sweep() {
    if (sweeping_) return;
    sweeping_ = true;
    sweep_timer_.expires_after(sweep_period_);
    sweep_timer_.async_wait([this](boost::system::error_code failed) {
        sweeping_ = false;
        if (!failed) sweep();
    });
}

void event_loop::sweep() {
    auto const now = connection::clock::now();
    for (auto& one : connections_) one.sweep(now);
    if (!connections_.empty()) arm_sweep();
}

}  // namespace parley::http
