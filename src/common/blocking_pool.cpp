#include "common/blocking_pool.hpp"

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <pthread.h>

#include <algorithm>

namespace parley {
namespace {

/// Calls `answer` on the caller's event loop. The message shares the work: a loop that is destroyed with it
/// unread destroys the waiting coroutine too.
template <class Answer>
void post_answer(std::shared_ptr<blocking_work> one, Answer answer) {
    auto const& executor = one->executor();
    // The loop may end as soon as its last coroutine has been resumed, which can be before post() returns.
    auto const keep_loop = boost::asio::prefer(executor, boost::asio::execution::outstanding_work_t::tracked);
    boost::asio::post(executor, [one, answer = std::move(answer)] { answer(*one); });
}

void resume(std::shared_ptr<blocking_work> one) {
    post_answer(std::move(one), [](blocking_work& work) { work.resume(); });
}

void refuse(std::shared_ptr<blocking_work> one, error const& why) {
    post_answer(std::move(one), [why](blocking_work& work) { work.refuse(why); });
}

}  // namespace

blocking_pool::blocking_pool(settings chosen) : chosen_(std::move(chosen)) {
    for (std::size_t i = 0; i < std::max<std::size_t>(chosen_.threads, 1); ++i) {
        threads_.emplace_back(&blocking_pool::serve, this);
        pthread_setname_np(threads_.back().native_handle(), chosen_.name.c_str());
    }
    watcher_ = std::thread{&blocking_pool::watch, this};
}

blocking_pool::~blocking_pool() { close(); }

void blocking_pool::enqueue(shared_work one, std::optional<std::size_t> lane) {
    one->deadline = std::chrono::steady_clock::now() + chosen_.longest_wait;
    one->lane = lane;
    auto const* refusal = &chosen_.closed;
    {
        std::lock_guard const lock{guard_};
        if (!closing_ && waiting_ >= chosen_.queue) refusal = &chosen_.full;
        if (!closing_ && waiting_ < chosen_.queue) {
            ++waiting_;
            deadlines_.push_back(one);
            if (deadlines_.size() == 1) watch_.notify_one();
            bool free = true;
            if (lane) {
                auto const [place, first] = lanes_.try_emplace(*lane);
                free = first;
                if (!first) place->second.push_back(one);
            }
            if (free) {
                ready_.push_back(std::move(one));
                work_came_.notify_one();
            }
            return;
        }
    }
    if (one->claim()) refuse(std::move(one), *refusal);
}

blocking_pool::shared_work blocking_pool::take() {
    while (!ready_.empty()) {
        auto one = std::move(ready_.front());
        ready_.pop_front();
        if (!one->is_answered()) {
            --waiting_;
            return one;
        }
        if (one->lane) leave_lane(*one->lane);
    }
    return nullptr;
}

void blocking_pool::leave_lane(std::size_t lane) {
    auto const place = lanes_.find(lane);
    if (place->second.empty()) {
        lanes_.erase(place);
        return;
    }
    ready_.push_back(std::move(place->second.front()));
    place->second.pop_front();
    work_came_.notify_one();
}

void blocking_pool::serve() {
    std::unique_lock lock{guard_};
    for (;;) {
        shared_work one;
        work_came_.wait(lock, [&] { return closing_ || (one = take()) != nullptr; });
        if (one == nullptr) return;
        lock.unlock();
        one->execute();
        auto const lane = one->lane;
        if (one->claim()) resume(std::move(one));
        one.reset();
        lock.lock();
        if (lane && !closing_) leave_lane(*lane);
    }
}

void blocking_pool::watch() {
    std::unique_lock lock{guard_};
    while (!closing_) {
        if (deadlines_.empty()) {
            watch_.wait(lock);
            continue;
        }
        auto one = deadlines_.front().lock();
        if (one == nullptr || one->is_answered()) {
            deadlines_.pop_front();
            continue;
        }
        if (one->deadline > std::chrono::steady_clock::now()) {
            auto const until = one->deadline;
            one.reset();  // so that the watcher is never the last owner for longer than a glance
            watch_.wait_until(lock, until);
            continue;
        }
        deadlines_.pop_front();
        if (!one->claim()) continue;
        // What waits in a lane is answered and stays there: take() drops it when its turn comes.
        bool const queued = std::ranges::find(ready_, one) != ready_.end() ||
                            (one->lane && lanes_.contains(*one->lane) &&
                             std::ranges::find(lanes_[*one->lane], one) != lanes_[*one->lane].end());
        if (queued) --waiting_;
        lock.unlock();
        refuse(std::move(one), chosen_.late);
        lock.lock();
    }
}

void blocking_pool::close() {
    std::deque<shared_work> refused;
    {
        std::lock_guard const lock{guard_};
        closing_ = true;
        refused.swap(ready_);
        for (auto& [lane, behind] : lanes_) {
            for (auto& one : behind) refused.push_back(std::move(one));
        }
        lanes_.clear();
        deadlines_.clear();
        waiting_ = 0;
        work_came_.notify_all();
        watch_.notify_all();
    }
    for (auto& one : refused) {
        if (one->claim()) refuse(std::move(one), chosen_.closed);
    }
    if (!watcher_.joinable()) return;
    watcher_.join();
    for (auto& one : threads_) one.join();
}

}  // namespace parley
