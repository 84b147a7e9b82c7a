// A server on loopback that plays what a test tells it, byte by byte, plain or under TLS. Each connection has
// a thread that blocks; closing the server ends them all.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace parley::test {

/// The mock's side of one connection.
class peer {
public:
    using tcp = boost::asio::ip::tcp;

    peer(tcp::socket socket, boost::asio::ssl::context* tls, std::size_t number)
        : number(number),
          socket_(std::move(socket)) {
        if (tls != nullptr) tls_.emplace(socket_, *tls);
    }
    peer(peer const&) = delete;
    peer& operator=(peer const&) = delete;
    ~peer() = default;

    /// False when the other side does not like it.
    [[nodiscard]] bool greet() {
        boost::system::error_code failed;
        if (tls_) tls_->handshake(boost::asio::ssl::stream_base::server, failed);
        return !failed;
    }

    /// Header and body; empty when the other side has closed.
    [[nodiscard]] std::string read_request() {
        for (;;) {
            auto const header = unread_.find("\r\n\r\n");
            if (header != std::string::npos) {
                auto const size = header + 4 + body_size(unread_.substr(0, header));
                if (unread_.size() >= size) {
                    auto out = unread_.substr(0, size);
                    unread_.erase(0, size);
                    return out;
                }
            }
            std::array<char, 4096> bytes;
            auto const got = read(bytes.data(), bytes.size());
            if (got == 0) return {};
            unread_.append(bytes.data(), got);
        }
    }

    /// 0 when the other side has closed.
    [[nodiscard]] std::size_t read(char* into, std::size_t most) {
        boost::system::error_code failed;
        auto const buffer = boost::asio::buffer(into, most);
        auto const got = tls_ ? tls_->read_some(buffer, failed) : socket_.read_some(buffer, failed);
        return failed ? 0 : got;
    }

    bool send(std::string_view bytes) {
        boost::system::error_code failed;
        auto const buffer = boost::asio::buffer(bytes);
        if (tls_) {
            boost::asio::write(*tls_, buffer, failed);
        } else {
            boost::asio::write(socket_, buffer, failed);
        }
        return !failed;
    }

    /// Until the other side closes.
    void wait_for_close() {
        std::array<char, 4096> bytes;
        while (read(bytes.data(), bytes.size()) > 0) {
        }
    }

    /// Whether more could be sent within `patience`.
    [[nodiscard]] bool can_send(int patience_ms) {
        pollfd wait{socket_.native_handle(), POLLOUT, 0};
        return ::poll(&wait, 1, patience_ms) > 0;
    }

    [[nodiscard]] tcp::socket& socket() { return socket_; }

    std::size_t const number;  // of the connection, from 0

private:
    static std::size_t body_size(std::string const& header) {
        constexpr std::string_view name = "Content-Length: ";
        auto const at = header.find(name);
        std::size_t out = 0;
        if (at == std::string::npos) return out;
        std::from_chars(header.data() + at + name.size(), header.data() + header.size(), out);
        return out;
    }

    tcp::socket socket_;
    std::optional<boost::asio::ssl::stream<tcp::socket&>> tls_;
    std::string unread_;
};

class mock_upstream {
public:
    using tcp = boost::asio::ip::tcp;
    using script = std::function<void(peer&)>;

    /// With `keys`, a folder with server.pem and server.key, it talks TLS.
    explicit mock_upstream(script play, std::optional<std::filesystem::path> const& keys = {},
                           char const* address = "127.0.0.1")
        : play_(std::move(play)),
          acceptor_(io_, tcp::endpoint{boost::asio::ip::make_address(address), 0}) {
        if (keys) {
            tls_.emplace(boost::asio::ssl::context::tls_server);
            tls_->use_certificate_file((*keys / "server.pem").string(), boost::asio::ssl::context::pem);
            tls_->use_private_key_file((*keys / "server.key").string(), boost::asio::ssl::context::pem);
        }
        port_ = acceptor_.local_endpoint().port();
        accepting_ = std::thread{[this] { accept(); }};
    }
    ~mock_upstream() {
        closing_ = true;
        ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
        accepting_.join();
        {
            std::lock_guard const lock(mutex_);
            for (auto const fd : open_) ::shutdown(fd, SHUT_RDWR);
        }
        for (auto& one : threads_) one.join();
    }
    mock_upstream(mock_upstream const&) = delete;
    mock_upstream& operator=(mock_upstream const&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url(std::string_view scheme = "http",
                                  std::string_view host = "127.0.0.1") const {
        return std::string{scheme} + "://" + std::string{host} + ":" + std::to_string(port_) + "/v1";
    }
    [[nodiscard]] std::size_t connections() const { return accepted_; }
    /// Connections whose script has ended.
    [[nodiscard]] std::size_t ended() const { return ended_; }

    /// For scripts and tests to share what was said.
    void note(std::string text) {
        std::lock_guard const lock(mutex_);
        notes_.push_back(std::move(text));
    }
    [[nodiscard]] std::vector<std::string> notes() const {
        std::lock_guard const lock(mutex_);
        return notes_;
    }

private:
    void accept() {
        while (!closing_) {
            boost::system::error_code failed;
            tcp::socket socket{io_};
            acceptor_.accept(socket, failed);
            if (failed) continue;
            socket.set_option(tcp::no_delay{true}, failed);
            auto const number = accepted_++;
            auto client = std::make_shared<peer>(std::move(socket), tls_ ? &*tls_ : nullptr, number);
            std::lock_guard const lock(mutex_);
            auto const fd = client->socket().native_handle();
            open_.push_back(fd);
            threads_.emplace_back([this, client, fd] {
                if (client->greet()) play_(*client);
                std::lock_guard const closing(mutex_);
                std::erase(open_, fd);
                boost::system::error_code ignored;
                client->socket().close(ignored);
                ++ended_;
            });
        }
    }

    script const play_;
    boost::asio::io_context io_;
    tcp::acceptor acceptor_;
    std::optional<boost::asio::ssl::context> tls_;
    std::uint16_t port_ = 0;
    std::atomic<bool> closing_ = false;
    std::atomic<std::size_t> accepted_ = 0;
    std::atomic<std::size_t> ended_ = 0;
    mutable std::mutex mutex_;
    std::vector<int> open_;  // guarded by mutex_, as the next
    std::vector<std::string> notes_;
    std::vector<std::thread> threads_;  // of the accepting thread, until it has ended
    std::thread accepting_;
};

}  // namespace parley::test
