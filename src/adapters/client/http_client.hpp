// HTTP/1.1 towards a Parley server: one connection for each call, every wait with a deadline.
// Thread safety: constant after construction; calls may run beside each other on one event loop.
#pragma once

#include "adapters/client/server_address.hpp"
#include "common/error.hpp"
#include "common/sse_parser.hpp"
#include "common/task.hpp"

#include <chrono>
#include <string>

namespace parley::client {

struct http_call {
    std::string method;  // "GET"
    std::string target;  // "/api/v1/interactions"; the address's prefix comes before it
    std::string body;    // JSON; empty: none
};

struct http_answer {
    unsigned status = 0;
    std::string body;
};

/// How long is waited: for the connection, and for each part of an answer.
struct http_patience {
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds answer{120'000};  // stopping a reply waits for its end; events have keep-alives
};

/// Who hears the events of a stream.
class event_listener {
public:
    event_listener() = default;
    event_listener(event_listener const&) = delete;
    event_listener& operator=(event_listener const&) = delete;
    virtual ~event_listener() = default;

    /// False when this was the last one of interest; the connection is closed then.
    [[nodiscard]] virtual bool on_event(sse_event const& event) = 0;
};

class http_client {
public:
    explicit http_client(server_address where, http_patience patience = {})
        : where_{std::move(where)},
          patience_{patience} {}

    /// Errors: unavailable (server_unreachable), timed_out (server_silent), too_large (answer_too_large: over
    /// 16 MiB), malformed (bad_answer: not HTTP, or cut off).
    [[nodiscard]] task<result<http_answer>> send(http_call call) const;

    /// An answer of 200 is read as events until the listener has had enough, and comes back without a body;
    /// any other is read whole. Errors as above; bad_answer also when the stream ends before the listener
    /// says so.
    [[nodiscard]] task<result<http_answer>> follow(http_call call, event_listener& listener) const;

private:
    server_address where_;
    http_patience patience_;
};

}  // namespace parley::client
