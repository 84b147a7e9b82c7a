#include "adapters/client/http_client.hpp"

#include "parley_version.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <utility>

namespace parley::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;

constexpr std::uint64_t largest_answer = 16UL * 1024 * 1024;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

using answer_parser = bhttp::response_parser<bhttp::string_body>;

std::unexpected<error> unreachable(server_address const& where, beast::error_code why) {
    return fail(error_kind::unavailable, "server_unreachable",
                fmt::format("No Parley server answers at http://{}{} ({}).", where.authority, where.prefix,
                            why.message()));
}

std::unexpected<error> broken(beast::error_code why) {
    if (why == beast::error::timeout) {
        return fail(error_kind::timed_out, "server_silent", "The server did not answer in time.");
    }
    if (why == bhttp::error::body_limit) {
        return fail(error_kind::too_large, "answer_too_large", "The server's answer is too large.");
    }
    return fail(error_kind::malformed, "bad_answer",
                fmt::format("The connection broke off ({}).", why.message()));
}

bhttp::request<bhttp::string_body> make_request(server_address const& where, http_call const& call) {
    bhttp::request<bhttp::string_body> request;
    request.method_string(call.method);
    request.target(where.prefix + call.target);
    request.version(11);
    request.set(bhttp::field::host, where.authority);
    request.set(bhttp::field::user_agent, fmt::format("parley/{}", version));
    request.set(bhttp::field::connection, "close");
    if (!where.api_key.empty()) request.set(bhttp::field::authorization, "Bearer " + where.api_key);
    if (!call.body.empty()) {
        request.set(bhttp::field::content_type, "application/json");
        request.body() = call.body;
    }
    request.prepare_payload();
    return request;
}

/// One connection with its answer, until it is destroyed.
struct exchange {
    exchange(asio::any_io_executor const& loop, http_patience limits) : stream{loop}, patience{limits} {
        answer.body_limit(largest_answer);
    }
    beast::tcp_stream stream;
    beast::flat_buffer buffer;
    answer_parser answer;
    http_patience patience;
};

/// Connects, sends and reads the answer's header.
task<result<void>> begin(exchange& open, server_address const& where, http_call const& call) {
    asio::ip::tcp::resolver resolver{co_await asio::this_coro::executor};
    auto const [unknown, addresses] =
        co_await resolver.async_resolve(where.host, std::to_string(where.port), as_tuple);
    if (unknown) co_return unreachable(where, unknown);
    open.stream.expires_after(open.patience.connect);
    auto const [refused, endpoint] = co_await open.stream.async_connect(addresses, as_tuple);
    if (refused) co_return unreachable(where, refused);
    open.stream.socket().set_option(asio::ip::tcp::no_delay{true});

    auto const request = make_request(where, call);
    open.stream.expires_after(open.patience.answer);
    // A server that refuses early answers before it has read everything: what failed to go out is told by the
    // answer.
    auto const [unsent, sent] = co_await bhttp::async_write(open.stream, request, as_tuple);
    auto const [unread, read] =
        co_await bhttp::async_read_header(open.stream, open.buffer, open.answer, as_tuple);
    if (unread) co_return broken(unsent ? unsent : unread);
    co_return result<void>{};
}

task<result<http_answer>> read_whole(exchange& open) {
    open.stream.expires_after(open.patience.answer);
    auto const [unread, read] = co_await bhttp::async_read(open.stream, open.buffer, open.answer, as_tuple);
    if (unread) co_return broken(unread);
    co_return http_answer{open.answer.get().result_int(), std::move(open.answer.get().body())};
}

/// True when the listener has had enough.
bool hand_over(sse_parser& parser, std::string_view bytes, event_listener& listener) {
    for (auto const& event : parser.feed(bytes)) {
        if (!listener.on_event(event)) return true;
    }
    return false;
}

task<result<http_answer>> read_events(exchange& open, event_listener& listener) {
    sse_parser parser;
    while (!open.answer.is_done()) {
        open.stream.expires_after(open.patience.answer);
        auto const [unread, read] =
            co_await bhttp::async_read_some(open.stream, open.buffer, open.answer, as_tuple);
        auto const piece = std::exchange(open.answer.get().body(), {});
        if (hand_over(parser, piece, listener)) co_return http_answer{200, {}};
        if (parser.overflowed()) {
            co_return fail(error_kind::too_large, "answer_too_large", "The server's answer is too large.");
        }
        if (unread) co_return broken(unread);
    }
    co_return fail(error_kind::malformed, "bad_answer", "The stream ended before the reply did.");
}

}  // namespace

task<result<http_answer>> http_client::send(http_call call) const {
    auto const executor = co_await asio::this_coro::executor;
    exchange open{executor, patience_};
    auto const begun = co_await begin(open, where_, call);
    if (!begun) co_return std::unexpected(begun.error());
    co_return co_await read_whole(open);
}

task<result<http_answer>> http_client::follow(http_call call, event_listener& listener) const {
    auto const executor = co_await asio::this_coro::executor;
    exchange open{executor, patience_};
    auto const begun = co_await begin(open, where_, call);
    if (!begun) co_return std::unexpected(begun.error());
    if (open.answer.get().result() != bhttp::status::ok) co_return co_await read_whole(open);
    open.answer.body_limit(boost::none);
    co_return co_await read_events(open, listener);
}

}  // namespace parley::client
