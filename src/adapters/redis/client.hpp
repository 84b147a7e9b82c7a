// A Redis that is kept connected: one connection for the whole process, on a thread and event loop of its
// own.
//
// One connection, not one for each event loop, because its order is what makes a cache correct: a lookup that
// comes after an invalidation is answered after it, by the same server, also in the middle of a fail-over.
// All coroutines share it; their commands are sent together and answered in order.
//
// While the connection is down every call fails at once. It comes back by itself: attempts are made with
// growing, jittered pauses, and a new connection counts only when it has answered its probes as fast as
// commands must be answered.
//
// Thread safety: all functions from any thread. Ownership: what its report refers to outlives it. The event
// loops whose coroutines call it are alive until close() has returned.
#pragma once

#include "adapters/redis/dial.hpp"
#include "adapters/redis/link.hpp"
#include "adapters/redis/options.hpp"
#include "common/wakeup.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace parley::redis {

/// One connection from its greeting to its end.
struct session {
    std::string server;    // host:port
    std::string identity;  // of this run of the server
};
using session_ref = std::shared_ptr<session const>;

/// The commands that a new connection must answer without an error before it is used.
using probe_maker = std::function<std::vector<std::string>(session const&)>;

/// Who is told how the connection fares, and in which words the log says it. The functions are called on the
/// client's own thread, usable() once by the constructor too; one that is empty is not called. The words are
/// of static lifetime.
struct client_report {
    std::string_view up;
    std::string_view down;
    std::function<void(bool now)> usable{};
    std::function<void(bool established)> connection{};
    std::function<void(bool answered, std::chrono::nanoseconds took)> command{};
};

class client {
public:
    /// Begins to connect.
    client(options how, probe_maker probes, client_report report);
    ~client();
    client(client const&) = delete;
    client& operator=(client const&) = delete;

    /// Null while it is down.
    [[nodiscard]] session_ref current() const;

    /// Why it is down; empty while it is up.
    [[nodiscard]] std::string problem() const;

    /// Waits for the outcome of the first attempt; not on an event loop. False after `longest`.
    [[nodiscard]] bool wait_for_first_attempt(std::chrono::milliseconds longest) const;

    /// A command of this session; when there is another by then it is not sent. Resumes on the caller's event
    /// loop. Errors: as link.hpp.
    [[nodiscard]] task<answer> call(session_ref at, std::string bytes) {
        return boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void(answer)>(
            initiation{*this}, boost::asio::use_awaitable, std::move(at), std::move(bytes));
    }

    /// The same without anybody who waits. `done` is called on the client's own thread.
    void send(session_ref at, std::string bytes, completion done);

    /// Gives the session up because of what the server said; a new one is tried for.
    void give_up(session_ref const& at, std::string const& said);

    /// Ends the connection and the thread. Calls under way and later ones fail.
    void close();

private:
    struct initiation {
        client& self;
        template <class Handler>
        void operator()(Handler handler, session_ref at, std::string bytes) const {
            auto executor = boost::asio::get_associated_executor(handler);
            self.send(std::move(at), std::move(bytes),
                      [handler = std::move(handler), executor](answer outcome) mutable {
                          // The loop may end with its last coroutine, before post() returns.
                          auto const keep_loop = boost::asio::prefer(
                              executor, boost::asio::execution::outstanding_work_t::tracked);
                          boost::asio::post(executor, [handler = std::move(handler),
                                                       outcome = std::move(outcome)]() mutable {
                              std::move(handler)(std::move(outcome));
                          });
                      });
        }
    };

    [[nodiscard]] task<void> supervise();
    [[nodiscard]] task<result<dialled>> try_once();
    [[nodiscard]] task<result<void>> probe(std::shared_ptr<link> line, session const& at);
    void came_up(dialled connected, session_ref at);
    void went_down(error const& why);
    void tell_usable(bool now) const;

    options const how_;
    probe_maker const probes_;
    client_report const report_;
    std::promise<void> attempted_;
    std::shared_future<void> const first_attempt_ = attempted_.get_future().share();

    mutable std::mutex guard_;
    session_ref current_;                                      // guarded; written on the client's thread
    std::string problem_ = "Redis has not been reached yet.";  // guarded

    // On the client's own thread.
    std::shared_ptr<link> line_;
    std::weak_ptr<link> dialling_;  // the line opened last, usable or not
    std::string told_;              // the problem last logged
    bool closing_ = false;

    boost::asio::io_context loop_{1};
    wakeup bell_{loop_.get_executor()};
    std::thread thread_;
};

}  // namespace parley::redis
