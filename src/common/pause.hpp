// Lets a coroutine wait for some time, without holding up its event loop.
#pragma once

#include "common/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>

namespace parley {

/// Ends early when the coroutine is cancelled.
inline task<void> pause(boost::asio::any_io_executor executor, std::chrono::milliseconds time) {
    boost::asio::steady_timer timer{executor, time};
    co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
}

}  // namespace parley
