#include "adapters/upstream/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>
#include <openssl/ssl.h>

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace parley::upstream {
namespace {

namespace asio = boost::asio;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

// RFC 7301 §3.1: a length before each name.
constexpr unsigned char only_http_1[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

}  // namespace

task<boost::system::error_code> connection::secure(std::shared_ptr<asio::ssl::context> context,
                                                   std::string host) {
    context_ = std::move(context);
    tls_ = std::make_unique<asio::ssl::stream<tcp::socket&>>(socket_, *context_);
    auto* const session = tls_->native_handle();
    boost::system::error_code not_an_address;
    static_cast<void>(asio::ip::make_address(host, not_an_address));
    // The name goes into the greeting (SNI) where it is one: RFC 6066 §3 allows no addresses.
    if (not_an_address)
        SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data());
    SSL_set_alpn_protos(session, only_http_1, sizeof only_http_1);
    tls_->set_verify_mode(asio::ssl::verify_peer);
    tls_->set_verify_callback(asio::ssl::host_name_verification{host});
    auto const [failed] = co_await tls_->async_handshake(asio::ssl::stream_base::client, as_tuple);
    co_return failed;
}

task<io_outcome> connection::read_some(std::span<char> into) {
    auto const buffer = asio::buffer(into.data(), into.size());
    if (tls_) {
        auto const [failed, bytes] = co_await tls_->async_read_some(buffer, as_tuple);
        co_return io_outcome{failed, bytes};
    }
    auto const [failed, bytes] = co_await socket_.async_read_some(buffer, as_tuple);
    co_return io_outcome{failed, bytes};
}

task<io_outcome> connection::write_all(std::string_view bytes) {
    auto const buffer = asio::buffer(bytes);
    if (tls_) {
        auto const [failed, written] = co_await asio::async_write(*tls_, buffer, as_tuple);
        co_return io_outcome{failed, written};
    }
    auto const [failed, written] = co_await asio::async_write(socket_, buffer, as_tuple);
    co_return io_outcome{failed, written};
}

bool connection::is_quiet() {
    char byte = 0;
    auto const got = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && errno == EAGAIN;
}

void connection::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

}  // namespace parley::upstream
