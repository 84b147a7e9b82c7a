// One thread that does what it is given, in order: making and destroying models blocks, and memory that one
// model gives up must be free before the next one takes it.
//
// Thread safety: every function from any thread but its own. Ownership: owns the work until it is done.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace parley {

class loader_thread {
public:
    loader_thread();
    ~loader_thread() { close(); }
    loader_thread(loader_thread const&) = delete;
    loader_thread& operator=(loader_thread const&) = delete;

    /// Nothing happens after close().
    void post(std::function<void()> work);

    /// Returns when all that was posted before is done.
    void drain();

    /// Does what was posted, and ends.
    void close();

private:
    void run();

    std::mutex guard_;
    std::condition_variable came_;
    std::condition_variable went_;
    std::deque<std::function<void()>> work_;  // guarded, as below
    std::uint64_t posted_ = 0;
    std::uint64_t done_ = 0;
    bool closing_ = false;
    std::thread thread_;  // last: starts when the rest is there
};

}  // namespace parley
