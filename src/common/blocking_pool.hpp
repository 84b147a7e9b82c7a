// Threads for calls that block (a database driver), so that no event loop ever does.
//
// Thread safety: run() from any event loop; close() once, from a thread that is neither an event loop nor of
// the pool. Ownership: work is owned by the pool until it has run. The event loops whose coroutines wait here
// must be alive until close() has returned, and destroyed after that.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parley {

/// One call on its way through the pool. `execute` runs on a thread of the pool; whoever is given the claim
/// calls one of resume and refuse on the caller's event loop.
class blocking_work {
public:
    explicit blocking_work(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}
    blocking_work(blocking_work const&) = delete;
    blocking_work& operator=(blocking_work const&) = delete;
    virtual ~blocking_work() = default;

    virtual void execute() = 0;
    virtual void resume() = 0;
    virtual void refuse(error const& why) = 0;

    /// True for the first who asks: he is the one to answer the caller.
    [[nodiscard]] bool claim() { return !claimed_.exchange(true); }
    [[nodiscard]] bool is_answered() const { return claimed_; }
    [[nodiscard]] boost::asio::any_io_executor const& executor() const { return executor_; }

    std::chrono::steady_clock::time_point deadline;  // set by the pool before anybody else sees it
    std::optional<std::size_t> lane;                 // as deadline

private:
    boost::asio::any_io_executor executor_;
    std::atomic<bool> claimed_ = false;
};

class blocking_pool {
public:
    struct settings {
        std::string name;                          // of the threads, at most 15 characters
        std::size_t threads = 1;                   // at least 1
        std::size_t queue = 1024;                  // calls that may wait beside those that run
        std::chrono::milliseconds longest_wait{};  // for a call to be answered
        error full;                                // the answers when the queue is full,
        error late;                                // when longest_wait has passed (the call may go on),
        error closed;                              // and after close()
    };

    explicit blocking_pool(settings chosen);
    ~blocking_pool();
    blocking_pool(blocking_pool const&) = delete;
    blocking_pool& operator=(blocking_pool const&) = delete;

    /// Calls `work()`, which returns a result<T>, on a thread of the pool and resumes the caller on his own
    /// executor. Calls of one lane run one after another, in the order in which they came; those without a
    /// lane run whenever there is a thread. Work that is not begun when its deadline passes is never run.
    /// Errors: those of work; full, late and closed of the settings.
    template <class Work>
    [[nodiscard]] task<std::invoke_result_t<Work&>> run(Work work, std::optional<std::size_t> lane = {}) {
        using outcome = std::invoke_result_t<Work&>;
        return boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void(outcome)>(
            initiation{*this}, boost::asio::use_awaitable, std::move(work), lane);
    }

    /// Refuses what waits and what comes later, and returns when what runs has ended.
    void close();

private:
    template <class Work, class Handler>
    class pending;
    struct initiation {
        blocking_pool& self;
        template <class Handler, class Work>
        void operator()(Handler&& handler, Work&& work, std::optional<std::size_t> lane) const {
            using one = pending<std::decay_t<Work>, std::decay_t<Handler>>;
            self.enqueue(std::make_shared<one>(std::forward<Work>(work), std::forward<Handler>(handler)),
                         lane);
        }
    };
    using shared_work = std::shared_ptr<blocking_work>;

    void enqueue(shared_work one, std::optional<std::size_t> lane);
    void serve();
    void watch();
    /// With guard_ held: the next call to run, null when there is none.
    shared_work take();
    /// With guard_ held: lets the next call of a lane go.
    void leave_lane(std::size_t lane);

    settings const chosen_;

    std::mutex guard_;
    std::condition_variable work_came_;
    std::condition_variable watch_;
    std::deque<shared_work> ready_;                                   // guarded, as all below
    std::unordered_map<std::size_t, std::deque<shared_work>> lanes_;  // calls behind the one of their lane
    std::deque<std::weak_ptr<blocking_work>> deadlines_;              // in order of time
    std::size_t waiting_ = 0;                                         // in ready_ and lanes_, unanswered
    bool closing_ = false;

    std::vector<std::thread> threads_;
    std::thread watcher_;
};

template <class Work, class Handler>
class blocking_pool::pending final : public blocking_work {
public:
    pending(Work work, Handler handler)
        : blocking_work(boost::asio::get_associated_executor(handler)),
          work_(std::move(work)),
          handler_(std::move(handler)) {}

    void execute() override { outcome_.emplace(work_()); }
    void resume() override { std::move(handler_)(std::move(*outcome_)); }
    void refuse(error const& why) override {
        std::move(handler_)(std::invoke_result_t<Work&>{std::unexpected(why)});
    }

private:
    Work work_;
    Handler handler_;
    std::optional<std::invoke_result_t<Work&>> outcome_;
};

}  // namespace parley
