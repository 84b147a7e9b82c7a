// A connection whose client is a list of byte strings: the real session without a socket.
#pragma once

#include "adapters/http/server/byte_stream.hpp"
#include "adapters/http/server/session.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

namespace parley::http {

/// Gives one piece per read and then the end, as a client that closes its sending side. Goes when a stream
/// has nothing to say but that it is alive.
class memory_stream final : public byte_stream {
public:
    memory_stream(boost::asio::any_io_executor const& executor, std::vector<std::string> pieces)
        : pieces_(pieces.begin(), pieces.end()),
          broken_(executor) {}

    task<std::size_t> read_some(std::span<char> into) override {
        while (!pieces_.empty() && pieces_.front().empty()) pieces_.pop_front();
        if (pieces_.empty()) co_return 0;
        auto& piece = pieces_.front();
        auto const count = std::min(into.size(), piece.size());
        std::memcpy(into.data(), piece.data(), count);
        piece.erase(0, count);
        co_return count;
    }
    task<bool> write(pieces data) override {
        // Chunked it stands in the middle, to a client of HTTP/1.0 it stands alone.
        bool only_alive = false;
        for (auto const one : data) {
            sent += one;
            only_alive = only_alive || one.starts_with(": keep-alive");
        }
        co_return !only_alive;
    }
    std::size_t write_now(std::string_view data) override {
        sent += data;
        return data.size();
    }
    task<void> wait_until_broken() override {
        broken_.expires_at(never);
        co_await broken_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    void end_sending() override {}
    void expire_at(clock::time_point) override {}
    bool expired() const override { return false; }

    std::string sent;

private:
    std::deque<std::string> pieces_;
    boost::asio::steady_timer broken_;  // never expires: the wait is cancelled
};

/// Everything the server answers to `pieces`.
inline std::string serve_in_memory(session_context const& context, std::vector<std::string> pieces) {
    boost::asio::io_context io(1);
    memory_stream stream(io.get_executor(), std::move(pieces));
    session_signals signals;
    session serving(context, stream, signals, io.get_executor());
    boost::asio::co_spawn(io, serving.run(), boost::asio::detached);
    io.run();
    return std::move(stream.sent);
}

}  // namespace parley::http
