// One connection to an upstream, plain or under TLS. Thread safety: one event loop; one read and one write at
// a time. Ownership: of whoever uses it, or of the pool.
#pragma once

#include "common/task.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace parley::upstream {

struct io_outcome {
    boost::system::error_code failed;
    std::size_t bytes = 0;
};

class connection {
public:
    using tcp = boost::asio::ip::tcp;

    explicit connection(tcp::socket connected) : socket_(std::move(connected)) {}
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;
    ~connection() = default;

    /// Greets under TLS; the certificate must be good for `host`. What is read and written then goes through
    /// it.
    [[nodiscard]] task<boost::system::error_code> secure(std::shared_ptr<boost::asio::ssl::context> context,
                                                         std::string host);

    [[nodiscard]] task<io_outcome> read_some(std::span<char> into);
    [[nodiscard]] task<io_outcome> write_all(std::string_view bytes);

    /// False when the other side has closed, or has said something that nobody asked for.
    [[nodiscard]] bool is_quiet();

    /// Reads and writes under way end with an error. No farewell of TLS: nobody waits for the other side.
    void close();

private:
    tcp::socket socket_;
    std::shared_ptr<boost::asio::ssl::context> context_;  // outlives the stream that uses it
    std::unique_ptr<boost::asio::ssl::stream<tcp::socket&>> tls_;
};

}  // namespace parley::upstream
