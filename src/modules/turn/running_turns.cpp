#include "modules/turn/running_turns.hpp"

#include <algorithm>
#include <vector>

namespace parley {
namespace {

using namespace std::chrono_literals;

// For one decoding batch and one commit, however short the grace.
constexpr std::chrono::milliseconds least_ending = 5s;

}  // namespace

void turn_control::stop(stop_cause cause) {
    std::scoped_lock const lock{mutex_};
    if (cause_ == stop_cause::none) cause_ = cause;
    if (cause == stop_cause::shutdown) shutting_down_ = true;
    if (running_ != nullptr) running_->stop();
    if (sleeper_ != nullptr) sleeper_->notify();
}

stop_cause turn_control::cause() const {
    std::scoped_lock const lock{mutex_};
    return cause_;
}

bool turn_control::shutting_down() const {
    std::scoped_lock const lock{mutex_};
    return shutting_down_;
}

void turn_control::attach(generation* running) {
    std::scoped_lock const lock{mutex_};
    running_ = running;
    if (cause_ != stop_cause::none) running_->stop();
}

void turn_control::detach() {
    std::scoped_lock const lock{mutex_};
    running_ = nullptr;
}

void turn_control::attach(wakeup* sleeper) {
    std::scoped_lock const lock{mutex_};
    sleeper_ = sleeper;
    if (sleeper_ != nullptr && cause_ != stop_cause::none) sleeper_->notify();
}

std::shared_ptr<turn_control> running_turns::add(message_id reply, interaction_id in) {
    std::scoped_lock const lock{mutex_};
    if (refusing_) return nullptr;
    auto control = std::make_shared<turn_control>();
    bool const fresh = running_.try_emplace(reply, entry{in, control}).second;
    return fresh ? control : nullptr;
}

void running_turns::remove(message_id reply) {
    std::scoped_lock const lock{mutex_};
    running_.erase(reply);
    if (running_.empty()) emptied_.notify_all();
}

bool running_turns::rename(message_id from, message_id to) {
    std::scoped_lock const lock{mutex_};
    if (running_.contains(to)) return false;
    auto moved = running_.extract(from);
    moved.key() = to;
    running_.insert(std::move(moved));
    return true;
}

bool running_turns::any_in(interaction_id in) {
    std::scoped_lock const lock{mutex_};
    return std::ranges::any_of(running_, [&](auto const& one) { return one.second.in == in; });
}

bool running_turns::has(message_id reply) {
    std::scoped_lock const lock{mutex_};
    return running_.contains(reply);
}

bool running_turns::stop(message_id reply) {
    std::shared_ptr<turn_control> control;
    {
        std::scoped_lock const lock{mutex_};
        auto const found = running_.find(reply);
        if (found == running_.end()) return false;
        control = found->second.control;
    }
    control->stop(stop_cause::asked);
    return true;
}

void running_turns::stop_in(interaction_id in) {
    std::vector<std::shared_ptr<turn_control>> found;
    {
        std::scoped_lock const lock{mutex_};
        for (auto const& [reply, one] : running_) {
            if (one.in == in) found.push_back(one.control);
        }
    }
    for (auto const& control : found) control->stop(stop_cause::asked);
}

void running_turns::refuse() {
    std::scoped_lock const lock{mutex_};
    refusing_ = true;
}

bool running_turns::refusing() {
    std::scoped_lock const lock{mutex_};
    return refusing_;
}

bool running_turns::drain(std::chrono::milliseconds grace) {
    refuse();
    std::unique_lock lock{mutex_};
    auto const none_left = [this] { return running_.empty(); };
    if (emptied_.wait_for(lock, grace, none_left)) return true;
    auto const left = running_;
    lock.unlock();
    for (auto const& [reply, one] : left) one.control->stop(stop_cause::shutdown);
    lock.lock();
    return emptied_.wait_for(lock, std::max(grace, least_ending), none_left);
}

}  // namespace parley
