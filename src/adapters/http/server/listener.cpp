#include "adapters/http/server/listener.hpp"

#include "common/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

namespace parley::http {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds pause_after_failure{100};

result<tcp::endpoint> find_endpoint(boost::asio::io_context& io, std::string const& host,
                                    std::uint16_t port) {
    error_code failed;
    auto const address = boost::asio::ip::make_address(host, failed);
    if (!failed) return tcp::endpoint(address, port);
    tcp::resolver resolver(io);
    auto const found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, failed);
    if (!failed && !found.empty()) return found.begin()->endpoint();
    return fail(error_kind::invalid, "invalid_host",
                "server.host is no address and no known name: " + host + ".", "server.host",
                failed.message());
}

std::unexpected<error> cannot_listen(std::string const& host, std::uint16_t port, error_code const& failed) {
    auto const where = host + " port " + std::to_string(port);
    if (failed == boost::asio::error::address_in_use) {
        return fail(
            error_kind::unavailable, "address_in_use",
            "Another program already listens on " + where + ". Stop it or choose another server.port.",
            "server.port");
    }
    return fail(error_kind::unavailable, "cannot_bind",
                "Cannot listen on " + where + ": " + failed.message() + ".", "server.host");
}

}  // namespace

listener::listener(session_context const& context, connection_count& open,
                   std::vector<std::unique_ptr<event_loop>>& loops)
    : context_(context),
      open_(open),
      loops_(loops),
      acceptor_(loops.front()->io()),
      pause_(loops.front()->io()) {}

result<std::uint16_t> listener::open(std::string const& host, std::uint16_t port) {
    auto const endpoint = find_endpoint(loops_.front()->io(), host, port);
    if (!endpoint) return std::unexpected(endpoint.error());
    error_code failed;
    acceptor_.open(endpoint->protocol(), failed);
    if (!failed) acceptor_.set_option(acceptor::reuse_address(true), failed);
    if (!failed) acceptor_.bind(*endpoint, failed);
    if (!failed) acceptor_.listen(acceptor::max_listen_connections, failed);
    if (failed) {
        error_code ignored;
        acceptor_.close(ignored);
        return cannot_listen(host, port, failed);
    }
    return acceptor_.local_endpoint().port();
}

void listener::start() {
    boost::asio::co_spawn(loops_.front()->io(), accept_all(*this), boost::asio::detached);
}

void listener::close() {
    boost::asio::post(loops_.front()->io(), [this] {
        error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
    });
}

task<void> listener::accept_all(listener& self) {
    constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
    for (std::size_t turn = 0; self.acceptor_.is_open(); ++turn) {
        auto& loop = *self.loops_[turn % self.loops_.size()];
        auto [failed, socket] = co_await self.acceptor_.async_accept(loop.io().get_executor(), as_result);
        if (!failed) {
            self.hand_over(std::move(socket), loop);
        } else if (failed != boost::asio::error::operation_aborted &&
                   failed != boost::asio::error::connection_aborted) {
            // Mostly: out of file descriptors. Connections wait in the kernel until some are free.
            log::warn("cannot accept connections", {{"what", failed.message()}});
            self.pause_.expires_after(pause_after_failure);
            co_await self.pause_.async_wait(as_result);
        }
    }
}

void listener::hand_over(tcp_socket socket, event_loop& loop) {
    if (open_.try_open()) return loop.adopt(std::move(socket));
    context_.telemetry.connection_refused("limit");
    loop.turn_away(std::move(socket));
}

}  // namespace parley::http
