#include "support/redis/fault_proxy.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace parley::test {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

}  // namespace

struct fault_proxy::pair {
    tcp::socket client;
    tcp::socket server;
    void cut() {
        boost::system::error_code ignored;
        client.set_option(asio::socket_base::linger{true, 0}, ignored);
        client.close(ignored);
        server.close(ignored);
    }
};

fault_proxy::fault_proxy(std::uint16_t target)
    : target_(target),
      acceptor_(loop_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}) {
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(loop_, accept(), asio::detached);
    thread_ = std::thread{[this] { loop_.run(); }};
}

fault_proxy::~fault_proxy() {
    loop_.stop();
    thread_.join();
}

void fault_proxy::cut_all() {
    asio::post(loop_, [this] {
        for (auto const& one : pairs_) {
            if (auto const both = one.lock()) both->cut();
        }
    });
}

asio::awaitable<void> fault_proxy::accept() {
    while (true) {
        auto [failed, socket] = co_await acceptor_.async_accept(as_tuple);
        if (failed) co_return;
        ++accepted_;
        auto both = std::make_shared<pair>(pair{std::move(socket), tcp::socket{loop_}});
        pairs_.push_back(both);
        asio::co_spawn(loop_, serve(std::move(both)), asio::detached);
    }
}

asio::awaitable<void> fault_proxy::serve(std::shared_ptr<pair> both) {
    tcp::endpoint const to{asio::ip::address_v4::loopback(), target_};
    auto const [failed] = co_await both->server.async_connect(to, as_tuple);
    if (failed) co_return both->cut();
    both->client.set_option(tcp::no_delay{true});
    asio::co_spawn(loop_, pump(both, true), asio::detached);
    asio::co_spawn(loop_, pump(both, false), asio::detached);
}

asio::awaitable<void> fault_proxy::pump(std::shared_ptr<pair> both, bool to_client) {
    auto& from = to_client ? both->server : both->client;
    auto& to = to_client ? both->client : both->server;
    asio::steady_timer timer{loop_};
    std::array<char, 65'536> bytes{};
    while (true) {
        auto const [failed, size] = co_await from.async_read_some(asio::buffer(bytes), as_tuple);
        if (failed) co_return both->cut();
        if (to_client && delay_.load() > 0ms) {
            timer.expires_after(delay_.load());
            co_await timer.async_wait(as_tuple);
        }
        while (black_hole_) {
            timer.expires_after(2ms);
            co_await timer.async_wait(as_tuple);
        }
        auto pass = size;
        bool cut = false;
        if (to_client && left_.load() >= 0) {
            cut = static_cast<std::int64_t>(size) >= left_.load();
            if (cut) pass = static_cast<std::size_t>(left_.load());
            left_ = cut ? -1 : left_.load() - static_cast<std::int64_t>(size);
        }
        std::size_t const step = to_client && one_by_one_ ? 1 : pass;
        for (std::size_t at = 0; at < pass; at += step) {
            auto const piece = asio::buffer(bytes.data() + at, std::min(step, pass - at));
            auto const [unsent, sent] = co_await asio::async_write(to, piece, as_tuple);
            if (unsent) co_return both->cut();
        }
        if (cut) co_return both->cut();
    }
}

}  // namespace parley::test
