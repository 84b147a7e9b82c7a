#include "modules/models/loader_thread.hpp"

#include <utility>

namespace parley {

loader_thread::loader_thread() : thread_([this] { run(); }) {}

void loader_thread::post(std::function<void()> work) {
    std::scoped_lock const lock{guard_};
    if (closing_) return;
    work_.push_back(std::move(work));
    ++posted_;
    came_.notify_one();
}

void loader_thread::drain() {
    std::unique_lock lock{guard_};
    auto const last = posted_;
    went_.wait(lock, [&] { return done_ >= last; });
}

void loader_thread::close() {
    {
        std::scoped_lock const lock{guard_};
        closing_ = true;
        came_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
}

void loader_thread::run() {
    std::unique_lock lock{guard_};
    for (;;) {
        came_.wait(lock, [this] { return closing_ || !work_.empty(); });
        if (work_.empty()) return;
        auto work = std::move(work_.front());
        work_.pop_front();
        lock.unlock();
        work();
        work = nullptr;  // with what it owns
        lock.lock();
        ++done_;
        went_.notify_all();
    }
}

}  // namespace parley
