// One thread's share of the server: an io_context and the connections that live on it. Private to this
// folder. Thread safety: adopt(), turn_away(), begin_drain() and close_all() from any thread, run() from one.
#pragma once

#include "adapters/http/server/connection.hpp"
#include "adapters/http/server/connection_count.hpp"
#include "adapters/http/server/session_context.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

namespace parley::http {

class event_loop {
public:
    event_loop(session_context const& context, connection_count& open);
    event_loop(event_loop const&) = delete;
    event_loop& operator=(event_loop const&) = delete;

    [[nodiscard]] boost::asio::io_context& io() { return io_; }

    /// Runs until stop(), without end when there is nothing to do.
    void run();
    void stop() { io_.stop(); }

    /// Serves a socket that was made for this loop and counted as open.
    void adopt(tcp_socket socket);
    /// Answers 503 and closes; the socket is not counted.
    void turn_away(tcp_socket socket);
    void begin_drain();
    void close_all();

private:
    using connection_list = boost::intrusive::list<connection, boost::intrusive::constant_time_size<false>>;

    [[nodiscard]] static task<void> serve(event_loop& loop, std::unique_ptr<connection> client);
    [[nodiscard]] static task<void> refuse(event_loop& loop, std::unique_ptr<connection> client);
    void spawn(tcp_socket socket, bool welcome);
    void arm_sweep();
    void sweep();

    session_context const& context_;
    connection_count& open_;
    std::chrono::milliseconds const sweep_period_;
    connection_list connections_;
    boost::asio::io_context io_{1};  // one thread runs it
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running_;
    boost::asio::steady_timer sweep_timer_;
    std::size_t turned_away_ = 0;  // being answered now
    bool sweeping_ = false;
    bool draining_ = false;
};

}  // namespace parley::http
