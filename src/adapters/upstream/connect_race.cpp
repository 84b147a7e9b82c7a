#include "adapters/upstream/connect_race.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

namespace parley::upstream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using steady = std::chrono::steady_clock;
using tcp = asio::ip::tcp;

constexpr std::chrono::milliseconds apart{250};

/// Shared with the attempts, which end after their sockets were closed.
struct race : std::enable_shared_from_this<race> {
    explicit race(asio::any_io_executor const& on) : executor(on), news(on) {}

    void begin(tcp::endpoint const& address) {
        auto socket = std::make_shared<tcp::socket>(executor);
        error_code failed;
        socket->open(address.protocol(), failed);  // this machine may not speak it
        if (failed) return note(failed);
        running.push_back(socket);
        socket->async_connect(
            address, [self = shared_from_this(), socket](error_code refused) { self->end(socket, refused); });
    }

    void end(std::shared_ptr<tcp::socket> const& of, error_code refused) {
        std::erase(running, of);
        if (refused) {
            note(refused);
        } else if (!winner) {
            winner = std::move(*of);
        }
        news.cancel();
    }

    void note(error_code failed) {
        why = failed;
        due = steady::now();
    }

    void close() {
        error_code ignored;
        for (auto const& one : running) one->close(ignored);
    }

    asio::any_io_executor executor;
    asio::steady_timer news;
    std::vector<std::shared_ptr<tcp::socket>> running;
    std::optional<tcp::socket> winner;
    steady::time_point due = steady::now();  // of the next one
    error_code why = asio::error::host_not_found;
};

}  // namespace

task<std::expected<tcp::socket, error_code>> connect_to_one_of(asio::any_io_executor executor,
                                                               std::vector<tcp::endpoint> addresses,
                                                               std::shared_ptr<lifeline> life) {
    auto const all = std::make_shared<race>(executor);
    life->interrupt_by([all] { all->news.cancel(); });
    for (std::size_t next = 0; !all->winner && life->ended() == lifeline::cause::none;) {
        if (next < addresses.size() && steady::now() >= all->due) {
            all->due = steady::now() + apart;
            all->begin(addresses[next++]);
            continue;
        }
        if (all->running.empty() && next == addresses.size()) break;
        all->news.expires_at(next < addresses.size() ? all->due : steady::time_point::max());
        co_await all->news.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    life->interrupt_by(nullptr);
    all->close();
    if (life->ended() != lifeline::cause::none) co_return std::unexpected{asio::error::operation_aborted};
    if (!all->winner) co_return std::unexpected{all->why};
    co_return std::move(*all->winner);
}

}  // namespace parley::upstream
