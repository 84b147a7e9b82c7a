#include "adapters/upstream/dial.hpp"

#include "adapters/upstream/connect_race.hpp"
#include "adapters/upstream/http_answer.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace parley::upstream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

void tune(tcp::socket& socket) {
    error_code ignored;
    socket.set_option(tcp::no_delay{true}, ignored);
    socket.set_option(asio::socket_base::keep_alive{true}, ignored);
}

/// A tunnel through the proxy (RFC 9110 §9.3.6).
task<result<void>> open_tunnel(connection& fresh, route_to const& way, failures const& words) {
    auto const& host = way.server.host;
    auto const bracketed = host.find(':') == std::string::npos ? host : "[" + host + "]";
    auto const target = fmt::format("{}:{}", bracketed, way.server.port);
    auto asking = fmt::format("CONNECT {} HTTP/1.1\r\nHost: {}\r\n", target, target);
    if (!way.proxy->authorization.empty())
        asking += fmt::format("Proxy-Authorization: {}\r\n", way.proxy->authorization);
    asking += "\r\n";
    auto const sent = co_await fresh.write_all(asking);
    if (sent.failed) co_return std::unexpected(words.unreachable("its proxy", sent.failed.message()));
    http_answer answer{http_answer::of::connect};
    std::array<char, 2048> bytes;
    while (!answer.has_header()) {
        auto const read = co_await fresh.read_some(bytes);
        if (read.failed) co_return std::unexpected(words.unreachable("its proxy", read.failed.message()));
        auto const problem = answer.feed({bytes.data(), read.bytes});
        if (!problem.empty()) co_return std::unexpected(words.unreachable("its proxy", problem));
    }
    if (answer.status() < 200 || answer.status() > 299) {
        co_return std::unexpected(
            words.unreachable("its proxy", fmt::format("it refused with status {}", answer.status())));
    }
    co_return result<void>{};
}

}  // namespace

task<result<std::unique_ptr<connection>>> dial(asio::any_io_executor executor, route_to const& way,
                                               failures const& words, std::shared_ptr<lifeline> life) {
    auto addresses = co_await way.name->ask(executor, life);
    if (!addresses)
        co_return std::unexpected(
            words.unreachable(way.proxy ? "its proxy's name" : "its name", addresses.error().message()));
    auto socket = co_await connect_to_one_of(executor, std::move(*addresses), life);
    if (!socket)
        co_return std::unexpected(words.unreachable(way.proxy ? "connecting to its proxy" : "connecting",
                                                    socket.error().message()));
    tune(*socket);
    auto fresh = std::make_unique<connection>(std::move(*socket));
    // The connection lives as long as the waits below; what runs later finds another interruption.
    life->interrupt_by([one = fresh.get()] { one->close(); });
    if (way.tls && way.proxy) {
        auto const opened = co_await open_tunnel(*fresh, way, words);
        if (!opened) {
            life->interrupt_by(nullptr);
            co_return std::unexpected(opened.error());
        }
    }
    if (way.tls) {
        auto const failed = co_await fresh->secure(way.tls, way.server.host);
        if (failed) {
            life->interrupt_by(nullptr);
            co_return std::unexpected(words.unreachable("TLS", failed.message()));
        }
    }
    life->interrupt_by(nullptr);
    co_return fresh;
}

}  // namespace parley::upstream
