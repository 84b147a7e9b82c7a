// The coroutine type of all asynchronous functions, and the way to start one nobody waits for.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace parley {

/// Runs on the executor of whoever awaits it. Never await while a mutex is held (see anchors of style in
/// CONTRIBUTING).
template <class T>
using task = boost::asio::awaitable<T>;

}  // namespace parley
