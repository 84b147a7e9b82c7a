// A wake-up call from any thread to one waiting coroutine: the bridge between the model's thread, the store's
// writer thread and the event loops.
#pragma once

#include "common/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>

namespace parley {

/// Thread safety: notify() from any thread; wait() by one coroutine at a time, which runs on the given
/// single-threaded executor. A notification that comes before wait() is kept (one, not counted).
class wakeup {
public:
    explicit wakeup(boost::asio::any_io_executor const& executor);
    ~wakeup();
    wakeup(wakeup const&) = delete;
    wakeup& operator=(wakeup const&) = delete;

    void notify();

    /// True when notified, false when `longest` has passed. May wake without cause: look at the state again.
    [[nodiscard]] task<bool> wait(std::chrono::milliseconds longest);

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace parley
