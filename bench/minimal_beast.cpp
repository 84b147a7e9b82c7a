// The rival of the HTTP benchmark: as little as a Beast coroutine server can be. Two threads with an event
// loop each, keep-alive, fixed bytes per path, no routing, no limits beyond Beast's own, no timeouts, no
// metrics.
//   minimal_beast PORT THREADS PATH=FILE…     PATH as it is requested, FILE holds the JSON it answers
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

using pages = std::map<std::string, std::string, std::less<>>;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

http::response<http::span_body<char const>> answer(http::request<http::string_body> const& asked,
                                                   pages const& known) {
    http::response<http::span_body<char const>> reply{http::status::ok, asked.version()};
    auto const page = known.find(std::string_view(asked.target().data(), asked.target().size()));
    if (page == known.end()) {
        reply.result(http::status::not_found);
    } else {
        reply.body() = {page->second.data(), page->second.size()};
    }
    reply.set(http::field::content_type, "application/json");
    reply.keep_alive(asked.keep_alive());
    reply.prepare_payload();
    return reply;
}

asio::awaitable<void> serve(tcp::socket socket, pages const& known) {
    beast::flat_buffer buffer;
    for (bool open = true; open;) {
        http::request<http::string_body> asked;
        auto const [unread, received] = co_await http::async_read(socket, buffer, asked, as_result);
        if (unread) co_return;
        auto reply = answer(asked, known);
        open = reply.keep_alive();
        auto const [unsent, sent] = co_await http::async_write(socket, reply, as_result);
        if (unsent) co_return;
    }
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor,
                                 std::vector<std::unique_ptr<asio::io_context>>& loops, pages const& known) {
    for (std::size_t turn = 0;; ++turn) {
        auto& loop = *loops[turn % loops.size()];
        auto [failed, socket] = co_await acceptor.async_accept(loop, as_result);
        if (failed) co_return;
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(loop, serve(std::move(socket), known), asio::detached);
    }
}

pages read_pages(std::span<char*> arguments) {
    pages known;
    for (std::string const pair : arguments) {
        auto const mark = pair.rfind('=');  // a query may have one
        std::ifstream file(pair.substr(mark + 1), std::ios::binary);
        known[pair.substr(0, mark)] = std::string(std::istreambuf_iterator<char>(file), {});
    }
    return known;
}

}  // namespace

int main(int argc, char** argv) {
    std::span const arguments(argv, static_cast<std::size_t>(argc));
    if (arguments.size() < 4) {
        std::fputs("usage: minimal_beast PORT THREADS PATH=FILE...\n", stderr);
        return 2;
    }
    auto const known = read_pages(arguments.subspan(3));
    std::vector<std::unique_ptr<asio::io_context>> loops;
    for (auto left = std::stoul(arguments[2]); left > 0; --left) {
        loops.push_back(std::make_unique<asio::io_context>(1));
    }
    auto const port = static_cast<std::uint16_t>(std::stoul(arguments[1]));
    tcp::acceptor acceptor(*loops.front(), {asio::ip::address_v4::loopback(), port});
    asio::co_spawn(*loops.front(), accept_all(acceptor, loops, known), asio::detached);
    std::printf("listening on 127.0.0.1:%d\n", acceptor.local_endpoint().port());
    std::fflush(stdout);
    std::vector<std::jthread> threads;
    for (auto& loop : loops) {
        threads.emplace_back([&running = *loop] {
            auto const work = asio::make_work_guard(running);
            running.run();
        });
    }
}
