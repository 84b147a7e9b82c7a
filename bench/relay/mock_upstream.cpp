// The server of a model for the relay benchmark: OpenAI's chat completions as a stream, paced by absolute
// deadlines, so that what one delta is late does not move the next. Each delta carries its number and when it
// was sent: "17:123456789012345;", nanoseconds of the monotonic clock, which the client of the same machine
// reads as well.
//   mock_upstream PORT FIRST_DELAY_MS DELTAS INTERVAL_MS       PORT 0: any free one, told on stdout
// One thread, loopback only, no limits, no timeouts. Every POST to /v1/chat/completions is answered with a
// stream.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <span>
#include <string>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using steady = std::chrono::steady_clock;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

struct pace {
    std::chrono::milliseconds first_delay;
    int deltas;
    std::chrono::milliseconds interval;
};

constexpr std::string_view stream_header =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
    "Transfer-Encoding: chunked\r\n\r\n";

constexpr std::string_view chunk_begin =
    R"({"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,"model":"mock",)";

// An event as one chunk of the transfer coding.
std::string event(std::string_view data) {
    return fmt::format("{:x}\r\ndata: {}\n\n\r\n", data.size() + 8, data);
}

std::string delta(int number) {
    auto const now = steady::now().time_since_epoch() / std::chrono::nanoseconds(1);
    return event(
        fmt::format(R"({}"choices":[{{"index":0,"delta":{{{}"content":"{}:{};"}},"finish_reason":null}}]}})",
                    chunk_begin, number == 0 ? R"("role":"assistant",)" : "", number, now));
}

std::string end_of_stream(int deltas) {
    return event(fmt::format(R"({}"choices":[{{"index":0,"delta":{{}},"finish_reason":"stop"}}]}})",
                             chunk_begin)) +
           event(fmt::format(R"({}"choices":[],"usage":{{"prompt_tokens":1,"completion_tokens":{},)"
                             R"("total_tokens":{}}}}})",
                             chunk_begin, deltas, deltas + 1)) +
           event("[DONE]") + "0\r\n\r\n";
}

// False: the reader is gone.
asio::awaitable<bool> stream(tcp::socket& socket, pace const& paced) {
    auto due = steady::now() + paced.first_delay;
    auto const [refused, begun] = co_await asio::async_write(socket, asio::buffer(stream_header), as_result);
    if (refused) co_return false;
    asio::steady_timer timer(socket.get_executor());
    for (int number = 0; number < paced.deltas; ++number) {
        timer.expires_at(due);
        co_await timer.async_wait(as_result);
        auto const text = delta(number);
        auto const [failed, sent] = co_await asio::async_write(socket, asio::buffer(text), as_result);
        if (failed) co_return false;
        due += paced.interval;
    }
    auto const text = end_of_stream(paced.deltas);
    auto const [failed, sent] = co_await asio::async_write(socket, asio::buffer(text), as_result);
    co_return !failed;
}

http::response<http::string_body> plain_answer(http::request<http::string_body> const& asked) {
    http::response<http::string_body> reply{http::status::ok, asked.version()};
    reply.set(http::field::content_type, "application/json");
    if (asked.method() == http::verb::get && asked.target() == "/v1/models") {
        reply.body() =
            R"({"object":"list","data":[{"id":"mock","object":"model","created":1790000000,"owned_by":"mock"}]})";
    } else {
        reply.result(http::status::not_found);
        reply.body() = R"({"error":{"message":"no such path","type":"invalid_request_error"}})";
    }
    reply.keep_alive(asked.keep_alive());
    reply.prepare_payload();
    return reply;
}

asio::awaitable<void> serve(tcp::socket socket, pace paced) {
    beast::flat_buffer buffer;
    for (bool open = true; open;) {
        http::request<http::string_body> asked;
        auto const [unread, received] = co_await http::async_read(socket, buffer, asked, as_result);
        if (unread) co_return;
        if (asked.method() == http::verb::post && asked.target() == "/v1/chat/completions") {
            open = co_await stream(socket, paced) && asked.keep_alive();
            continue;
        }
        auto reply = plain_answer(asked);
        auto const [unsent, sent] = co_await http::async_write(socket, reply, as_result);
        open = !unsent && reply.keep_alive();
    }
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor, pace paced) {
    asio::steady_timer pause(acceptor.get_executor());
    for (;;) {
        auto [failed, socket] = co_await acceptor.async_accept(as_result);
        if (failed) {  // no descriptor left
            pause.expires_after(std::chrono::milliseconds(10));
            co_await pause.async_wait(as_result);
            continue;
        }
        socket.set_option(tcp::no_delay(true));
        auto const executor = socket.get_executor();
        asio::co_spawn(executor, serve(std::move(socket), paced), asio::detached);
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::span const arguments(argv, static_cast<std::size_t>(argc));
    if (arguments.size() != 5) {
        std::fputs("usage: mock_upstream PORT FIRST_DELAY_MS DELTAS INTERVAL_MS\n", stderr);
        return 2;
    }
    pace const paced{std::chrono::milliseconds(std::stoi(arguments[2])), std::stoi(arguments[3]),
                     std::chrono::milliseconds(std::stoi(arguments[4]))};
    asio::io_context loop(1);
    auto const port = static_cast<std::uint16_t>(std::stoul(arguments[1]));
    tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), port});
    std::printf("listening on 127.0.0.1:%d\n", acceptor.local_endpoint().port());
    std::fflush(stdout);
    asio::co_spawn(loop, accept_all(acceptor, paced), asio::detached);
    loop.run();
}
