// What a handler sees of HTTP: a request that was read whole, and the response it gives back. No Beast types,
// so that handlers compile fast and can be called from tests without a socket. Thread safety: values that
// belong to one connection's coroutine.
#pragma once

#include "common/task.hpp"
#include "common/wakeup.hpp"
#include "modules/identity/caller.hpp"
#include "modules/limits/stream_place.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::http {

struct field {
    std::string name;
    std::string value;
};

/// A header field as it was sent; the text lives as long as the exchange.
struct header_view {
    std::string_view name;
    std::string_view value;
};

/// One exchange's request. Views point into buffers that live as long as the exchange.
struct request {
    std::string method;  // as sent; HEAD goes to the handler of GET, its body is left out when it is sent
    std::string target;  // as sent
    std::string path;    // percent-decoded once per segment; validated as UTF-8
    std::vector<field> query;  // decoded, in order
    std::vector<header_view> headers;
    std::string body;
    std::vector<std::string> path_parameters;  // in the order of the route template, decoded
    std::string request_id;                    // the client's X-Request-Id when it is sane, or a fresh one
    std::string_view route;                    // the template that matched
    boost::asio::ip::address peer;             // who is at the other end of the connection
    parley::caller caller;                     // who asks; set by the API before its handlers run
    std::unique_ptr<stream_place> place{};     // of the event stream that the answer is, if it is one
    boost::asio::any_io_executor executor;     // the event loop of this connection, single-threaded

    /// First value, names compared without case.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
    /// For fields that are lists: all values with commas between, as RFC 9110 §5.3 joins them.
    [[nodiscard]] std::optional<std::string> header_list(std::string_view name) const;
    [[nodiscard]] std::optional<std::string_view> query_value(std::string_view name) const;
};

/// Where an event stream writes. Each write is one send.
class event_sink {
public:
    event_sink() = default;
    event_sink(event_sink const&) = delete;
    event_sink& operator=(event_sink const&) = delete;
    virtual ~event_sink() = default;

    /// False when the client has gone or is too slow for the write deadline: stop writing.
    [[nodiscard]] virtual task<bool> write(std::string frame) = 0;

    /// True when the server drains and the stream should come to its end.
    [[nodiscard]] virtual bool draining() const = 0;

    /// `sleeper` is notified when the server begins to drain (at once if it does already), so that a stream
    /// that waits for news ends soon. It is notified no more once run() has returned; one per stream.
    virtual void notify_when_draining(wakeup& sleeper) = 0;
};

/// A body that is written while it comes into being. Destroyed when the stream or its connection has ended.
/// When the client goes away while run() waits, the wait is cancelled as Asio cancels coroutines: the pending
/// operation ends early and the next co_await throws operation_aborted, so that destructors clean up.
class event_stream {
public:
    event_stream() = default;
    event_stream(event_stream const&) = delete;
    event_stream& operator=(event_stream const&) = delete;
    virtual ~event_stream() = default;

    [[nodiscard]] virtual task<void> run(event_sink& sink) = 0;
};

struct response {
    unsigned status = 200;
    std::string content_type = "application/json";  // empty: no Content-Type (204)
    std::vector<field> headers;
    std::string body;
    std::string_view static_body{};  // instead of body: bytes that live as long as the program
    std::unique_ptr<event_stream>
        stream{};  // instead of both; content_type then defaults to text/event-stream
};

/// Thread safety: handle() is called on many event loops at once.
class handler {
public:
    handler() = default;
    handler(handler const&) = delete;
    handler& operator=(handler const&) = delete;
    virtual ~handler() = default;

    /// Before the body of a request is received, when more of it is still to come: the answer to a caller who
    /// may not ask anyway, so that nobody unknown has the server keep a body. Nothing for all others;
    /// handle() looks again, as a body takes its time.
    [[nodiscard]] virtual task<std::optional<response>> turn_away(request& call);

    [[nodiscard]] virtual task<response> handle(request& call) = 0;
};

}  // namespace parley::http
