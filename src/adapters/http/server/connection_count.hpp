// How many connections are open, and the wait for the last one's end. Thread safety: every function from any
// thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace parley::http {

class connection_count {
public:
    explicit connection_count(std::size_t most) : most_(most) {}

    /// False, and nothing counted, when the most are open.
    [[nodiscard]] bool try_open() {
        std::lock_guard const lock(mutex_);
        if (open_ >= most_) return false;
        ++open_;
        return true;
    }

    void closed() {
        std::lock_guard const lock(mutex_);
        if (--open_ == 0) none_.notify_all();
    }

    /// False when some are still open after `longest`.
    [[nodiscard]] bool wait_for_none(std::chrono::milliseconds longest) {
        std::unique_lock lock(mutex_);
        return none_.wait_for(lock, longest, [this] { return open_ == 0; });
    }

private:
    std::size_t const most_;
    std::mutex mutex_;
    std::condition_variable none_;
    std::size_t open_ = 0;  // guarded by mutex_
};

}  // namespace parley::http
