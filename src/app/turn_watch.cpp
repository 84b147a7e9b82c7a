#include "app/turn_watch.hpp"

#include "common/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>

#include <pthread.h>

namespace parley {
namespace {

using namespace std::chrono_literals;

// Ten checkpoints.
constexpr auto lease = 10s;
constexpr auto look_every = 2s;
constexpr auto sweep_every = 10min;

}  // namespace

turn_watch::turn_watch(conversation_store& store, turn_service& turns, request_keys& requests,
                       user_feed& news, usage_guard& limits, clock const& time)
    : turns_(turns),
      requests_(requests),
      left_(
          store, [&turns](message_id reply) { return turns.writes(reply); }, time, news, lease),
      places_(limits, store, [&turns](message_id reply) { return turns.writes(reply); }) {
    boost::asio::co_spawn(loop_, work(), boost::asio::detached);
    thread_ = std::thread{[this] { loop_.run(); }};
    pthread_setname_np(thread_.native_handle(), "turn-watch");
}

void turn_watch::stop() {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
}

task<void> turn_watch::work() {
    boost::asio::steady_timer timer{loop_};
    while (true) {
        co_await look();
        timer.expires_after(look_every);
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
}

/// Errors are the store's; it is tried again.
task<void> turn_watch::look() {
    auto const now = steady::now();
    auto const ended = co_await left_.look(now);
    if (ended && *ended > 0) {
        log::warn("replies that nobody wrote were interrupted",
                  {{"count", static_cast<std::int64_t>(*ended)}});
    }
    static_cast<void>(co_await turns_.go_on(loop_.get_executor()));
    if (now - kept_ >= reply_stay) {
        kept_ = now;
        co_await places_.look();
    }
    if (swept_ != steady::time_point{} && now - swept_ < sweep_every) co_return;
    if (auto const swept = co_await requests_.sweep()) swept_ = now;
}

}  // namespace parley
