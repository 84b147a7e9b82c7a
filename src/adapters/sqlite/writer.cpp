#include "adapters/sqlite/writer.hpp"

#include "common/log.hpp"
#include "services/store_errors.hpp"

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <pthread.h>

#include <algorithm>
#include <iterator>

namespace parley::sqlite {
namespace {

using writes = std::vector<std::unique_ptr<pending_write>>;
using steady = std::chrono::steady_clock;

/// How long a write may wait for its turn.
constexpr std::chrono::seconds longest_wait{10};

/// How long a commit waits at most for writes that are likely to come.
constexpr std::chrono::nanoseconds longest_linger{std::chrono::milliseconds{2}};

/// Wakes the callers, with one message to each event loop. The messages own the writes: a loop that is
/// destroyed with its messages unread destroys the waiting coroutines too.
void resume_all(writes batch) {
    while (!batch.empty()) {
        auto const executor = batch.front()->executor();
        auto const others = std::stable_partition(
            batch.begin(), batch.end(), [&](auto const& one) { return one->executor() == executor; });
        writes group(std::make_move_iterator(batch.begin()), std::make_move_iterator(others));
        batch.erase(batch.begin(), others);
        // The loop may end as soon as its last coroutine has been resumed, which can be before post()
        // returns.
        auto const keep_loop =
            boost::asio::prefer(executor, boost::asio::execution::outstanding_work_t::tracked);
        boost::asio::post(executor, [group = std::move(group)]() mutable {
            for (auto& one : group) {
                // resume() may destroy the coroutine that the write's handler belongs to, not the write
                // itself.
                one->resume();
                one.reset();
            }
        });
    }
}

/// Takes out what has waited too long, with its outcome.
writes take_overdue(writes& batch) {
    auto const oldest = steady::now() - longest_wait;
    auto const kept = std::stable_partition(batch.begin(), batch.end(),
                                            [&](auto const& one) { return one->since() >= oldest; });
    writes overdue(std::make_move_iterator(kept), std::make_move_iterator(batch.end()));
    batch.erase(kept, batch.end());
    for (auto const& one : overdue) {
        one->fail({error_kind::timed_out, "store_timeout", "The store did not answer in time.", {}, {}});
    }
    return overdue;
}

}  // namespace

writer::writer(database_file const& file, std::unique_ptr<connection> first, store_config const& settings,
               int checkpoint_pages, metrics& seen)
    : settings_(settings),
      seen_(seen),
      commits_(file, std::move(first), checkpoint_pages),
      thread_(&writer::work, this) {
    pthread_setname_np(thread_.native_handle(), "store-writer");
}

writer::~writer() { close(); }

void writer::enqueue(std::unique_ptr<pending_write> one) {
    {
        std::lock_guard const lock{guard_};
        if (!closing_) {
            queue_.push_back(std::move(one));
            if (queue_.size() == wake_at_) wake_.notify_one();
            return;
        }
    }
    one->fail(store_closed().error());
    writes refused;
    refused.push_back(std::move(one));
    resume_all(std::move(refused));
}

writer::writes writer::next_batch() {
    std::unique_lock lock{guard_};
    wait_for(lock, 1, {});
    // Those that the last commit woke are likely to be back in a moment: a commit of all is worth a short
    // wait, one that is never longer than what it may save.
    auto const linger = std::max<std::chrono::nanoseconds>(settings_.commit_delay,
                                                           std::min(last_commit_ / 2, longest_linger));
    auto const company = settings_.commit_delay.count() > 0 ? settings_.max_batch : last_batch_;
    if (queue_.size() < company && linger.count() > 0)
        wait_for(lock, std::min(company, settings_.max_batch), linger);
    writes batch;
    if (queue_.size() <= settings_.max_batch) {
        batch.swap(queue_);
    } else {
        auto const end = queue_.begin() + static_cast<std::ptrdiff_t>(settings_.max_batch);
        batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
    }
    return batch;
}

void writer::wait_for(std::unique_lock<std::mutex>& lock, std::size_t writes,
                      std::chrono::nanoseconds longest) {
    wake_at_ = writes;
    auto const enough = [&] { return closing_ || queue_.size() >= writes; };
    if (longest.count() == 0) {
        wake_.wait(lock, enough);
    } else {
        wake_.wait_for(lock, longest, enough);
    }
    wake_at_ = 0;
}

void writer::work() {
    for (;;) {
        auto batch = next_batch();
        if (batch.empty()) return;
        commit(batch);
        resume_all(std::move(batch));
        commits_.tend();
    }
}

void writer::commit(writes& batch) {
    auto overdue = take_overdue(batch);
    if (!overdue.empty()) resume_all(std::move(overdue));
    if (batch.empty()) return;
    auto const begun = steady::now();
    auto const changed = commits_.run(batch);
    last_batch_ = batch.size();
    last_commit_ = steady::now() - begun;
    if (changed > 0) seen_.store_commit(changed, last_commit_);
}

void writer::close() {
    {
        std::lock_guard const lock{guard_};
        closing_ = true;
        wake_.notify_one();
    }
    if (!thread_.joinable()) return;
    thread_.join();
    if (auto const done = commits_.finish(); !done) {
        log::warn("the write-ahead log could not be emptied",
                  {{"reason", std::string_view{done.error().detail}}});
    }
}

}  // namespace parley::sqlite
