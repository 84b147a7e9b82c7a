#include "adapters/redis/byte_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>
#include <openssl/ssl.h>

#include <string>
#include <utility>

namespace parley::redis {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using tls_socket = asio::ssl::stream<tcp::socket>;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

template <class Socket>
class socket_stream final : public byte_stream {
public:
    explicit socket_stream(Socket socket) : socket_(std::move(socket)) {}

    void read_some(std::span<char> into, handler done) override {
        socket_.async_read_some(asio::buffer(into.data(), into.size()), std::move(done));
    }
    void write_all(std::string_view bytes, handler done) override {
        asio::async_write(socket_, asio::buffer(bytes), std::move(done));
    }
    void close() override {
        error_code ignored;
        // No farewell of TLS: whoever closes does not wait for the other side.
        socket_.lowest_layer().close(ignored);
    }

private:
    Socket socket_;
};

std::unexpected<error> unreachable(endpoint const& to, std::string_view step, std::string const& why) {
    auto const host = to.host.find(':') == std::string::npos ? to.host : "[" + to.host + "]";
    return fail(error_kind::unavailable, "cache_unreachable",
                fmt::format("Redis at {}:{}: {}: {}.", host, to.port, step, why));
}

/// Closes the socket when the time has passed, which ends what is under way on it.
class step_deadline {
public:
    step_deadline(tcp::socket& watched, std::chrono::milliseconds patience)
        : state_(std::make_shared<state>(watched)) {
        state_->timer.expires_after(patience);
        state_->timer.async_wait([state = state_](error_code cancelled) {
            if (cancelled || state->socket == nullptr) return;
            state->passed = true;
            error_code ignored;
            state->socket->close(ignored);
        });
    }
    ~step_deadline() {
        state_->socket = nullptr;
        state_->timer.cancel();
    }
    step_deadline(step_deadline const&) = delete;
    step_deadline& operator=(step_deadline const&) = delete;

    [[nodiscard]] std::string what(error_code failed) const {
        return state_->passed ? std::string{"no answer in time"} : failed.message();
    }

private:
    struct state {
        explicit state(tcp::socket& watched) : socket(&watched), timer(watched.get_executor()) {}
        tcp::socket* socket;
        asio::steady_timer timer;
        bool passed = false;
    };
    std::shared_ptr<state> state_;
};

task<result<std::vector<tcp::endpoint>>> resolve(endpoint to, std::chrono::milliseconds patience) {
    error_code not_an_address;
    auto const literal = asio::ip::make_address(to.host, not_an_address);
    if (!not_an_address) co_return std::vector<tcp::endpoint>{{literal, to.port}};

    using namespace asio::experimental::awaitable_operators;
    auto const executor = co_await asio::this_coro::executor;
    tcp::resolver resolver{executor};
    asio::steady_timer deadline{executor, patience};
    auto const port = std::to_string(to.port);
    auto race = resolver.async_resolve(to.host, port, as_tuple) || deadline.async_wait(as_tuple);
    auto const outcome = co_await std::move(race);
    if (outcome.index() == 1) co_return unreachable(to, "its name", "no answer in time");
    auto const& [failed, found] = std::get<0>(outcome);
    if (failed) co_return unreachable(to, "its name", failed.message());
    std::vector<tcp::endpoint> addresses;
    for (auto const& one : found) addresses.push_back(one.endpoint());
    co_return addresses;
}

task<result<std::unique_ptr<byte_stream>>> under_tls(endpoint to, tcp::socket plain,
                                                     asio::ssl::context& context,
                                                     std::chrono::milliseconds patience) {
    tls_socket socket{std::move(plain), context};
    error_code not_an_address;
    static_cast<void>(asio::ip::make_address(to.host, not_an_address));
    // The name goes into the greeting (SNI) where it is one: RFC 6066 §3 allows no addresses.
    auto* const session = socket.native_handle();
    if (not_an_address &&
        SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, to.host.data()) != 1)
        co_return unreachable(to, "TLS", "the name can not be sent");
    socket.set_verify_mode(asio::ssl::verify_peer);
    socket.set_verify_callback(asio::ssl::host_name_verification{to.host});
    step_deadline const deadline{socket.next_layer(), patience};
    auto const [failed] = co_await socket.async_handshake(asio::ssl::stream_base::client, as_tuple);
    if (failed) co_return unreachable(to, "TLS", deadline.what(failed));
    co_return std::make_unique<socket_stream<tls_socket>>(std::move(socket));
}

}  // namespace

result<std::shared_ptr<asio::ssl::context>> make_tls_context(options const& how) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    error_code failed;
    if (how.ca_file.empty()) {
        context->set_default_verify_paths(failed);
    } else {
        context->load_verify_file(how.ca_file, failed);
    }
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    if (!failed) return context;
    return fail(error_kind::invalid, "cache_tls_invalid",
                "The authorities for TLS towards Redis can not be read from " +
                    (how.ca_file.empty() ? std::string{"the system"} : how.ca_file) + ".",
                "cache.ca_file", failed.message());
}

task<result<std::unique_ptr<byte_stream>>> open_stream(endpoint to, std::shared_ptr<asio::ssl::context> tls,
                                                       std::chrono::milliseconds patience) {
    auto const addresses = co_await resolve(to, patience);
    if (!addresses) co_return std::unexpected(addresses.error());
    auto const executor = co_await asio::this_coro::executor;
    tcp::socket socket{executor};
    error_code failed = asio::error::host_not_found;
    std::string why = "it has no address";
    for (auto const& one : *addresses) {
        error_code ignored;
        socket.close(ignored);
        socket = tcp::socket{executor};
        socket.open(one.protocol(), ignored);
        step_deadline const deadline{socket, patience};
        auto const [refused] = co_await socket.async_connect(one, as_tuple);
        failed = refused;
        if (!refused) break;
        why = deadline.what(refused);
    }
    if (failed) co_return unreachable(to, "connecting", why);
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    socket.set_option(asio::socket_base::keep_alive{true}, ignored);
    if (!tls) co_return std::make_unique<socket_stream<tcp::socket>>(std::move(socket));
    auto secured = co_await under_tls(to, std::move(socket), *tls, patience);
    co_return secured;
}

}  // namespace parley::redis
