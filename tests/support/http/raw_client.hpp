// A client that sends exactly the bytes it is told to. Blocking; every wait ends after ten seconds with a
// failure.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace parley::http {

struct raw_response {
    int status = 0;                              // 0: the connection ended without a response
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};

class raw_client {
public:
    explicit raw_client(std::uint16_t port, int receive_buffer = 0)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        timeval const longest{10, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
        int const one = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (receive_buffer > 0) {
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto const* const to = reinterpret_cast<sockaddr const*>(&address);
        if (::connect(socket_, to, sizeof address) != 0) throw std::runtime_error("cannot connect");
    }
    ~raw_client() { close(); }
    raw_client(raw_client const&) = delete;
    raw_client& operator=(raw_client const&) = delete;

    /// False when the server has closed or reset the connection.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            auto const count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }

    void end_sending() { ::shutdown(socket_, SHUT_WR); }

    void close() {
        if (socket_ >= 0) ::close(std::exchange(socket_, -1));
    }

    /// Closes with a reset instead of a polite end.
    void reset() {
        linger const at_once{1, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close();
    }

    /// The next response; `to_head`: it has no body whatever its header says.
    raw_response receive(bool to_head = false) {
        raw_response answer;
        while (buffer_.find("\r\n\r\n") == std::string::npos) {
            if (!fill()) return answer;
        }
        take_head(answer);
        if (to_head) return answer;
        if (auto const length = answer.headers.find("content-length"); length != answer.headers.end()) {
            auto const size = std::stoul(length->second);
            while (buffer_.size() < size && fill()) {
            }
            answer.body = take(std::min<std::size_t>(size, buffer_.size()));
        }
        return answer;
    }

    /// Reads until `end` has come, and returns everything up to its end; what came if the connection ends
    /// before.
    std::string receive_until(std::string_view end) {
        while (buffer_.find(end) == std::string::npos) {
            if (!fill()) return take(buffer_.size());
        }
        return take(buffer_.find(end) + end.size());
    }

    /// Everything until the server closes.
    std::string receive_all() {
        while (fill()) {
        }
        return take(buffer_.size());
    }

    /// True when there is something to read, or the end.
    [[nodiscard]] bool readable_within(std::chrono::milliseconds longest) const {
        pollfd one{socket_, POLLIN, 0};
        return !buffer_.empty() || ::poll(&one, 1, static_cast<int>(longest.count())) > 0;
    }

    /// True when the server closes (or resets) the connection, having sent nothing more.
    bool closed_silently() { return !fill() && buffer_.empty(); }

private:
    bool fill() {
        char bytes[65536];
        auto const count = ::recv(socket_, bytes, sizeof bytes, 0);
        if (count < 0 && errno == EAGAIN) throw std::runtime_error("the server is silent");
        if (count <= 0) return false;
        buffer_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    std::string take(std::size_t size) {
        auto const text = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return text;
    }

    void take_head(raw_response& answer) {
        auto const head = take(buffer_.find("\r\n\r\n") + 4);
        answer.status = std::stoi(head.substr(9, 3));
        for (auto at = head.find("\r\n") + 2; at + 2 < head.size();) {
            auto const end = head.find("\r\n", at);
            auto const colon = head.find(": ", at);
            auto name = head.substr(at, colon - at);
            for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            answer.headers[name] = head.substr(colon + 2, end - colon - 2);
            at = end + 2;
        }
    }

    int socket_;
    std::string buffer_;
};

}  // namespace parley::http
