#include "adapters/upstream/dial.hpp"

#include "adapters/upstream/http_answer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

namespace parley::upstream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

/// A question to the system's resolver. It can not be called off; whoever is tired of waiting leaves it to
/// itself.
struct lookup {
    explicit lookup(asio::any_io_executor const& executor) : resolver(executor), answered(executor) {}
    tcp::resolver resolver;
    asio::steady_timer answered;
    error_code failed = asio::error::operation_aborted;
    std::vector<tcp::endpoint> found;
};

task<result<std::vector<tcp::endpoint>>> resolve(asio::any_io_executor executor, std::string host,
                                                 std::uint16_t port, failures const& words,
                                                 std::shared_ptr<lifeline> life) {
    error_code not_an_address;
    auto const literal = asio::ip::make_address(host, not_an_address);
    if (!not_an_address) co_return std::vector<tcp::endpoint>{{literal, port}};
    auto const asked = std::make_shared<lookup>(executor);
    asked->answered.expires_at(asio::steady_timer::time_point::max());
    asked->resolver.async_resolve(host, std::to_string(port),
                                  [asked](error_code failed, tcp::resolver::results_type const& found) {
                                      asked->failed = failed;
                                      for (auto const& one : found) asked->found.push_back(one.endpoint());
                                      asked->answered.cancel();
                                  });
    life->interrupt_by([asked] {
        asked->resolver.cancel();
        asked->answered.cancel();
    });
    co_await asked->answered.async_wait(as_tuple);
    if (asked->failed || asked->found.empty())
        co_return std::unexpected(words.unreachable("its name", asked->failed.message()));
    co_return asked->found;
}

task<result<void>> connect(connection& fresh, std::vector<tcp::endpoint> addresses, failures const& words,
                           lifeline& life) {
    error_code failed = asio::error::host_not_found;
    for (auto const& one : addresses) {
        error_code ignored;
        fresh.close();
        fresh.socket().open(one.protocol(), ignored);
        auto const [refused] = co_await fresh.socket().async_connect(one, as_tuple);
        failed = refused;
        if (!refused || life.ended() != lifeline::cause::none) break;
    }
    if (failed) co_return std::unexpected(words.unreachable("connecting", failed.message()));
    error_code ignored;
    fresh.socket().set_option(tcp::no_delay{true}, ignored);
    fresh.socket().set_option(asio::socket_base::keep_alive{true}, ignored);
    co_return result<void>{};
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
    auto const& host = way.proxy ? way.proxy->host : way.server.host;
    auto const port = way.proxy ? way.proxy->port : way.server.port;
    auto const addresses = co_await resolve(executor, host, port, words, life);
    if (!addresses) co_return std::unexpected(addresses.error());
    if (life->ended() != lifeline::cause::none)
        co_return std::unexpected(words.unreachable("connecting", "it was called off"));
    auto fresh = std::make_unique<connection>(executor);
    // The connection lives as long as the waits below; what runs later finds another interruption.
    life->interrupt_by([one = fresh.get()] { one->close(); });
    auto const connected = co_await connect(*fresh, *addresses, words, *life);
    if (!connected) {
        life->interrupt_by(nullptr);
        co_return std::unexpected(connected.error());
    }
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
