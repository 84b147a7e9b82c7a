// Accepts connections on one event loop and hands them round to all. Private to this folder.
// Thread safety: open() before the loops run; start() and close() from any thread.
#pragma once

#include "adapters/http/server/event_loop.hpp"
#include "common/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace parley::http {

class listener {
public:
    /// Accepts on the first of `loops`.
    listener(session_context const& context, connection_count& open,
             std::vector<std::unique_ptr<event_loop>>& loops);

    /// Errors: invalid_host, address_in_use, cannot_bind.
    [[nodiscard]] result<std::uint16_t> open(std::string const& host, std::uint16_t port);
    void start();
    void close();

private:
    using acceptor =
        boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

    [[nodiscard]] static task<void> accept_all(listener& self);
    void hand_over(tcp_socket socket, event_loop& loop);

    session_context const& context_;
    connection_count& open_;
    std::vector<std::unique_ptr<event_loop>>& loops_;
    acceptor acceptor_;
    boost::asio::steady_timer pause_;
};

}  // namespace parley::http
