// The byte stream of a TCP connection. Deadlines cost no timer: the event loop looks over its connections
// from time to time and ends what is overdue. Private to this folder. Thread safety: the connection's event
// loop only.
#pragma once

#include "adapters/http/server/byte_stream.hpp"
#include "adapters/http/server/session_context.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list_hook.hpp>

namespace parley::http {

/// A socket that knows its executor's type, so that its operations need no type erasure.
using tcp_socket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

class connection final
    : public byte_stream,
      public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
    connection(tcp_socket socket, std::chrono::milliseconds write_timeout);

    [[nodiscard]] task<std::size_t> read_some(std::span<char> into) override;
    [[nodiscard]] task<bool> write(pieces data) override;
    [[nodiscard]] std::size_t write_now(std::string_view data) override;
    [[nodiscard]] task<void> wait_until_broken() override;
    void end_sending() override;
    [[nodiscard]] boost::asio::ip::address peer() const override;
    void expire_at(clock::time_point when) override;
    [[nodiscard]] bool expired() const override { return expired_; }

    /// Ends what is pending when the deadline has passed.
    void sweep(clock::time_point now);
    /// No further request: ends the wait for one.
    void drain();
    void close();

    session_signals signals;

private:
    [[nodiscard]] task<bool> write_rest(pieces data, std::size_t done);

    tcp_socket socket_;
    std::chrono::milliseconds const write_timeout_;
    clock::time_point deadline_ = never;
    bool expired_ = false;
    bool broken_ = false;
};

}  // namespace parley::http
