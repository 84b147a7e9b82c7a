// The one thread that writes. Callers' coroutines queue their writes and sleep; the thread takes all that
// wait, commits them together and wakes the callers on their own event loops after the commit.
//
// Thread safety: submit() and failing() from any event loop; close() once, from a thread that is no event
// loop.
#pragma once

#include "adapters/sqlite/group_commit.hpp"
#include "adapters/sqlite/pending_write.hpp"
#include "common/config.hpp"
#include "common/task.hpp"
#include "services/metrics.hpp"

#include <boost/asio/async_result.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace parley::sqlite {

class writer {
public:
    struct limits {
        int checkpoint_pages = 0;
        std::chrono::milliseconds longest_wait{};  // for a write to be answered
    };

    writer(database_file const& file, std::unique_ptr<connection> first, store_config const& settings,
           limits const& bounds, metrics& seen);
    ~writer();
    writer(writer const&) = delete;
    writer& operator=(writer const&) = delete;

    /// Resumes after the commit. Errors: the intention's; store_timeout when the disk took too long (the
    /// write may have happened or happen yet); store_unavailable when closed; as to_error.
    template <class Intention>
    [[nodiscard]] task<result<typename Intention::value_type>> submit(Intention intention) {
        using outcome = result<typename Intention::value_type>;
        return boost::asio::async_initiate<boost::asio::use_awaitable_t<> const, void(outcome)>(
            initiation{*this}, boost::asio::use_awaitable, std::move(intention));
    }

    /// Whether the last commit that had something to write failed.
    [[nodiscard]] bool failing() const { return commits_.failing(); }

    /// Commits what is queued, refuses what comes later, empties the log.
    void close();

private:
    struct initiation {
        writer& self;
        template <class Handler, class Intention>
        void operator()(Handler&& handler, Intention&& intention) const {
            using pending = pending_intention<std::decay_t<Intention>, std::decay_t<Handler>>;
            self.enqueue(std::make_shared<pending>(std::forward<Intention>(intention),
                                                   std::forward<Handler>(handler)));
        }
    };
    using writes = std::vector<std::shared_ptr<pending_write>>;

    void enqueue(std::shared_ptr<pending_write> one);
    void work();
    /// Waits until `writes` are queued, or closing, or (not if zero) `longest` has passed.
    void wait_for(std::unique_lock<std::mutex>& lock, std::size_t writes, std::chrono::nanoseconds longest);
    [[nodiscard]] writes next_batch();
    void commit(writes const& batch);
    /// On its own thread: answers for a disk that does not.
    void watch();
    void answer_overdue();

    store_config const settings_;
    std::chrono::milliseconds const longest_wait_;
    metrics& seen_;
    group_commit commits_;                     // of the thread, as the next two
    std::size_t last_batch_ = 0;               // writes in the last commit
    std::chrono::nanoseconds last_commit_{0};  // how long it took

    std::mutex guard_;
    std::condition_variable wake_;
    std::condition_variable stop_watch_;
    writes queue_;             // guarded
    writes running_;           // guarded: what the thread is committing
    bool closing_ = false;     // guarded
    std::size_t wake_at_ = 0;  // guarded: how many queued writes the thread waits for; 0: it does not wait

    std::thread thread_;
    std::thread watch_;
};

}  // namespace parley::sqlite
