// A TCP proxy in front of a server of MongoDB's protocol that understands as much of it as tests need: it
// counts commands, remembers them, and breaks the connection at a chosen one. Thread safety: all functions
// from any thread. Ownership: its threads end with it.
#pragma once

#include "support/mongo_address.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace parley::test {

class wire_proxy {
public:
    enum class fault {
        none,
        lose_reply,    // of one command: it is carried out, then the connection ends
        lose_request,  // of one command: it never arrives, the connection ends
        late_reply,    // of one command: it comes a second later
        die,           // from one command on nothing arrives any more and every connection is refused
        refuse_size,   // of one command: the server says that its answer would be larger than a document
        black_hole,    // from now on nothing is carried in either direction
    };

    /// Throws when it could not read along.
    explicit wire_proxy(mongo_address server) : server_(std::move(server)), listener_(listen_anywhere()) {
        if (!server_.is_plain()) {
            throw std::invalid_argument("tests that read along want an address without TLS and compressors");
        }
        sockaddr_in at{};
        socklen_t size = sizeof at;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size);
        port_ = ntohs(at.sin_port);
        acceptor_ = std::thread{[this] { accept(); }};
    }
    ~wire_proxy() {
        closing_ = true;
        acceptor_.join();
        ::close(listener_);
        for (auto& one : carriers_) one.join();
    }
    wire_proxy(wire_proxy const&) = delete;
    wire_proxy& operator=(wire_proxy const&) = delete;

    [[nodiscard]] std::string uri() const { return server_.by_way_of(port_); }

    /// `at`: the number of the command from now, the first is 1.
    void break_at(fault what, int at = 1) {
        std::lock_guard const lock{guard_};
        fault_ = what;
        countdown_ = at;
        struck_ = false;
    }
    void heal() { break_at(fault::none); }
    /// Whether the chosen command came.
    [[nodiscard]] bool struck() const { return struck_; }

    /// The messages of commands since the last call, bytes as they came; handshakes and pings left out.
    [[nodiscard]] std::vector<std::string> take_commands() {
        std::lock_guard const lock{guard_};
        return std::exchange(commands_, {});
    }

    /// "insert", "find" …
    [[nodiscard]] static std::string name_of(std::string const& message) {
        // Header 16, flags 4, kind of section 1, length of the document 4, type of the first member 1.
        constexpr std::size_t first_name = 26;
        return message.size() > first_name ? std::string{message.c_str() + first_name} : std::string{};
    }

private:
    static int listen_anywhere() {
        int const fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 || ::listen(fd, 128) != 0) {
            throw std::runtime_error("the proxy can not listen");
        }
        return fd;
    }

    /// Waits for something to read, with an eye on the end.
    bool readable(int fd) const {
        while (!closing_) {
            pollfd wait{fd, POLLIN, 0};
            if (::poll(&wait, 1, 20) != 0) return true;
        }
        return false;
    }

    bool read_exactly(int fd, char* out, std::size_t size) const {
        while (size > 0) {
            if (!readable(fd)) return false;
            auto const got = ::recv(fd, out, size, 0);
            if (got <= 0) return false;
            out += got;
            size -= static_cast<std::size_t>(got);
        }
        return true;
    }

    std::optional<std::string> read_message(int fd) const {
        std::int32_t size = 0;
        if (!read_exactly(fd, reinterpret_cast<char*>(&size), sizeof size) || size < 16) return std::nullopt;
        std::string out(static_cast<std::size_t>(size), '\0');
        std::memcpy(out.data(), &size, sizeof size);
        if (!read_exactly(fd, out.data() + sizeof size, out.size() - sizeof size)) return std::nullopt;
        return out;
    }

    static bool send_all(int fd, std::string const& bytes) {
        std::size_t sent = 0;
        while (sent < bytes.size()) {
            auto const some = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (some <= 0) return false;
            sent += static_cast<std::size_t>(some);
        }
        return true;
    }

    static bool is_housekeeping(std::string const& message) {
        auto const name = name_of(message);
        constexpr std::int32_t op_msg = 2013;
        std::int32_t code = 0;
        std::memcpy(&code, message.data() + 12, sizeof code);
        return code != op_msg || name == "hello" || name == "isMaster" || name == "ismaster" ||
               name == "ping" || name == "endSessions" || name.starts_with("sasl");
    }

    /// What is to be done with a message from the client.
    fault judge(std::string const& message) {
        std::lock_guard const lock{guard_};
        if (fault_ == fault::black_hole) return struck_ = true, fault::black_hole;
        if (fault_ == fault::die && countdown_ <= 0) return fault::die;
        if (is_housekeeping(message)) return fault::none;
        if (fault_ != fault::none && --countdown_ == 0) {
            struck_ = true;
            if (fault_ == fault::die) return fault::die;
            return std::exchange(fault_, fault::none);
        }
        commands_.push_back(message);
        return fault::none;
    }

    bool is_black_hole() {
        std::lock_guard const lock{guard_};
        return fault_ == fault::black_hole;
    }

    bool is_dead() {
        std::lock_guard const lock{guard_};
        return fault_ == fault::die && countdown_ <= 0;
    }

    void accept() {
        while (readable(listener_)) {
            int const client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0) continue;
            if (is_dead()) {
                ::close(client);
                continue;
            }
            carriers_.emplace_back([this, client] { carry(client); });
        }
    }

    /// Negative when the server can not be reached.
    [[nodiscard]] int connect_to_server() const {
        addrinfo wanted{};
        wanted.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        auto const port = std::to_string(server_.port);
        if (::getaddrinfo(server_.host.c_str(), port.c_str(), &wanted, &found) != 0) return -1;
        int server = -1;
        for (auto const* one = found; one != nullptr && server < 0; one = one->ai_next) {
            server = ::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
            if (::connect(server, one->ai_addr, one->ai_addrlen) == 0) continue;
            ::close(server);
            server = -1;
        }
        ::freeaddrinfo(found);
        return server;
    }

    void carry(int client) {
        int const server = connect_to_server();
        if (server >= 0) {
            int const now = 1;
            ::setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
            ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
            while (exchange(client, server)) {
            }
            ::close(server);
        }
        ::close(client);
    }

    /// One request and its reply. False when the connection is over.
    bool exchange(int client, int server) {
        auto const request = read_message(client);
        if (!request) return false;
        auto const verdict = judge(*request);
        if (verdict == fault::lose_request || verdict == fault::die) return false;
        if (verdict == fault::black_hole) return lose_everything(client);
        if (!send_all(server, *request)) return false;
        auto const reply = read_message(server);
        if (!reply || verdict == fault::lose_reply) return false;
        if (verdict == fault::late_reply) ::poll(nullptr, 0, 1'000);
        if (!send_all(client, verdict == fault::refuse_size ? refusal_instead_of(*reply) : *reply)) {
            return false;
        }
        return !tells_on(*reply) || carry_what_it_tells(client, server);
    }

    /// Until the client goes.
    bool lose_everything(int client) const {
        while (readable(client)) {
            char nothing = 0;
            if (::recv(client, &nothing, 1, 0) <= 0) break;
        }
        return false;
    }

    /// Whether another reply comes to the same request: a server whose state is watched tells it by itself.
    static bool tells_on(std::string const& reply) {
        constexpr std::int32_t op_msg = 2013;
        constexpr std::uint32_t more_to_come = 2;
        std::int32_t code = 0;
        std::uint32_t flags = 0;
        std::memcpy(&code, reply.data() + 12, sizeof code);
        if (code != op_msg || reply.size() < 20) return false;
        std::memcpy(&flags, reply.data() + 16, sizeof flags);
        return (flags & more_to_come) != 0;
    }

    bool carry_what_it_tells(int client, int server) {
        for (bool more = true; more;) {
            auto const next = read_message(server);
            if (!next || is_dead()) return false;
            if (is_black_hole()) return lose_everything(client);
            if (!send_all(client, *next)) return false;
            more = tells_on(*next);
        }
        return true;
    }

    /// {ok: 0.0, code: 4568}: "Total size of documents … exceeds maximum document size", as $lookup has it.
    static std::string refusal_instead_of(std::string const& reply) {
        std::string const members{
            "\x01ok\0\0\0\0\0\0\0\0\0\x10"
            "code\0\xd8\x11\0\0",
            22};
        auto const little_endian = [](std::size_t size) {
            std::string out(4, '\0');
            for (auto& byte : out) {
                byte = static_cast<char>(size & 0xff);
                size >>= 8U;
            }
            return out;
        };
        auto const document = little_endian(4 + members.size() + 1) + members + '\0';
        // A header with the numbers of the reply, no flags, and one section of kind 0.
        return little_endian(16 + 4 + 1 + document.size()) + reply.substr(4, 12) + std::string(5, '\0') +
               document;
    }

    mongo_address const server_;
    int listener_;
    std::uint16_t port_ = 0;
    std::atomic<bool> closing_ = false;
    std::atomic<bool> struck_ = false;
    std::mutex guard_;
    fault fault_ = fault::none;  // guarded, as the next two
    int countdown_ = 0;
    std::vector<std::string> commands_;
    std::vector<std::thread> carriers_;  // of the acceptor, until it has ended
    std::thread acceptor_;
};

}  // namespace parley::test
