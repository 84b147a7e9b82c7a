// Runs a coroutine to its end on the calling thread: for start-up, before there are event loops.
#pragma once

#include "common/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <utility>

namespace parley {

template <class T>
[[nodiscard]] T run_task(task<T> work) {
    boost::asio::io_context loop{1};
    auto outcome = boost::asio::co_spawn(loop, std::move(work), boost::asio::use_future);
    loop.run();
    return outcome.get();
}

}  // namespace parley
