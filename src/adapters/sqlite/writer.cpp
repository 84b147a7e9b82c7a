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

using writes = std::vector<std::shared_ptr<pending_write>>;
using steady = std::chrono::steady_clock;

/// How long a commit waits at most for writes that are likely to come.
constexpr std::chrono::nanoseconds longest_linger{std::chrono::milliseconds{2}};

/// Calls `answer` of each write on its caller's event loop, with one message to each loop. The messages share
/// the writes: a loop that is destroyed with its messages unread destroys the waiting coroutines too.
void answer_all(writes batch, void (pending_write::*answer)()) {
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
        boost::asio::post(executor, [group = std::move(group), answer]() mutable {
            for (auto& one : group) {
                // The answer may destroy the coroutine that the write's handler belongs to, not the write
                // itself.
                ((*one).*answer)();
                one.reset();
            }
        });
    }
}

/// Those of `batch` that nobody has answered yet.
writes claimed(writes const& batch) {
    writes out;
    out.reserve(batch.size());
    for (auto const& one : batch) {
        if (one->claim()) out.push_back(one);
    }
    return out;
}

}  // namespace

writer::writer(database_file const& file, std::unique_ptr<connection> first, store_config const& settings,
               limits const& bounds, metrics& seen)
    : settings_(settings),
      longest_wait_(bounds.longest_wait),
      seen_(seen),
      commits_(file, std::move(first), bounds.checkpoint_pages),
      thread_(&writer::work, this),
      watch_(&writer::watch, this) {
    pthread_setname_np(thread_.native_handle(), "store-writer");
}

writer::~writer() { close(); }

void writer::enqueue(std::shared_ptr<pending_write> one) {
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
    answer_all(std::move(refused), &pending_write::resume);
}

writer::writes writer::next_batch() {
    std::unique_lock lock{guard_};
    wait_for(lock, 1, {});
    // Those that the last commit woke are likely to be back in a moment: a short wait for half of them is
    // worth it, one that is never longer than what it may save. For half, so that the next commit runs while
    // the other half's requests are read: waiting for all made everybody wait for everybody (0.7 of the
    // throughput).
    auto const linger = std::max<std::chrono::nanoseconds>(settings_.commit_delay,
                                                           std::min(last_commit_ / 2, longest_linger));
    auto const company = settings_.commit_delay.count() > 0 ? settings_.max_batch : last_batch_ / 2;
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
    running_ = batch;
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
        auto const batch = next_batch();
        if (batch.empty()) return;
        commit(batch);
        {
            std::lock_guard const lock{guard_};
            running_.clear();
        }
        answer_all(claimed(batch), &pending_write::resume);
        commits_.tend();
    }
}

void writer::watch() {
    std::unique_lock lock{guard_};
    while (!closing_) {
        stop_watch_.wait_for(lock, longest_wait_ / 4, [this] { return closing_; });
        answer_overdue();
    }
}

void writer::answer_overdue() {
    auto const oldest = steady::now() - longest_wait_;
    auto const overdue = [oldest](auto const& one) { return one->since() < oldest; };
    writes late;
    std::ranges::copy_if(running_, std::back_inserter(late), overdue);
    std::ranges::copy_if(queue_, std::back_inserter(late), overdue);
    std::erase_if(queue_, overdue);
    late = claimed(late);
    if (late.empty()) return;
    log::error("the store does not answer", {{"writes", static_cast<std::int64_t>(late.size())}});
    answer_all(std::move(late), &pending_write::time_out);
}

void writer::commit(writes const& batch) {
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
        stop_watch_.notify_one();
    }
    if (!thread_.joinable()) return;
    watch_.join();
    thread_.join();
    if (auto const done = commits_.finish(); !done) {
        log::warn("the write-ahead log could not be emptied",
                  {{"reason", std::string_view{done.error().detail}}});
    }
}

}  // namespace parley::sqlite
