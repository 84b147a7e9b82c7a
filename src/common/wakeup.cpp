#include "common/wakeup.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>

namespace parley {

struct wakeup::state {
    explicit state(boost::asio::any_io_executor const& executor) : timer(executor) {}
    boost::asio::steady_timer timer;  // touched on the executor only
    std::atomic<bool> signaled = false;
};

wakeup::wakeup(boost::asio::any_io_executor const& executor) : state_(std::make_shared<state>(executor)) {}
wakeup::~wakeup() = default;

void wakeup::notify() {
    if (state_->signaled.exchange(true)) return;
    // The executor is single-threaded, so the cancel runs either before wait() looks at the flag, which is
    // then set, or after the timer was armed.
    boost::asio::dispatch(state_->timer.get_executor(), [state = state_] { state->timer.cancel(); });
}

task<bool> wakeup::wait(std::chrono::milliseconds longest) {
    auto const state = state_;
    if (state->signaled.exchange(false)) co_return true;
    state->timer.expires_after(longest);
    co_await state->timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return state->signaled.exchange(false);
}

}  // namespace parley
