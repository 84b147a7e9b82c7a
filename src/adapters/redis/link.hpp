// One connection to a Redis: many commands under way at once, answered in order, each with a deadline.
//
// A command that is not answered in time ends the whole link: its answer may still come, and nothing behind
// it can be answered before. A link that is silent is asked with PING. Every command that was sent is
// answered exactly once, at the latest with the reason why the link ended. Private to this folder.
//
// Thread safety: one event loop. Ownership: shared, as what is under way keeps it alive; whoever gives it up
// calls close().
#pragma once

#include "adapters/redis/byte_stream.hpp"
#include "adapters/redis/protocol.hpp"
#include "adapters/redis/reply.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace parley::redis {

/// What came of a command. Errors: unavailable (cache_unreachable, redis_closed), timed_out (redis_timeout),
/// malformed (redis_protocol), overloaded (redis_busy). What Redis itself refuses is a reply of kind error.
using answer = result<reply>;
using completion = std::move_only_function<void(answer)>;

class link : public std::enable_shared_from_this<link> {
public:
    using steady = std::chrono::steady_clock;

    /// More commands under way than this are refused at once.
    static constexpr std::size_t most_pending = 16'384;

    link(boost::asio::any_io_executor const& executor, std::unique_ptr<byte_stream> stream,
         options const& how);

    /// Begins to read.
    void start();

    /// `ended` is called once, before the commands under way are answered, if the link ends by itself; at
    /// once when it has ended already.
    void on_end(std::move_only_function<void(error const&)> ended);

    void send(std::string bytes, steady::time_point deadline, completion done);

    /// The same for a coroutine on the link's event loop.
    [[nodiscard]] task<answer> ask(std::string bytes, std::chrono::milliseconds patience);

    /// Answers what is pending with `why`.
    void close(error const& why);

private:
    struct pending {
        steady::time_point deadline;
        completion done;
    };

    void read_more();
    void on_read(boost::system::error_code failed, std::size_t size);
    void write_more();
    void watch();
    void on_watch();
    void end(error const& why);

    std::unique_ptr<byte_stream> stream_;
    boost::asio::steady_timer timer_;
    std::chrono::milliseconds const command_timeout_;
    std::chrono::milliseconds const idle_check_;
    std::move_only_function<void(error const&)> ended_;
    reply_parser parser_;
    std::array<char, 16UL * 1024> in_{};
    std::string unsent_;
    std::string sending_;
    steady::time_point last_sent_ = steady::now();
    bool writing_ = false;
    bool open_ = true;
    error why_;  // it ended
    std::deque<pending> pending_;
};

}  // namespace parley::redis
