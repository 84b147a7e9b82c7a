#include "adapters/llama/admission.hpp"

#include <mutex>
#include <utility>

namespace parley {

struct admission::state {
    std::size_t const capacity;
    std::function<void(counts)> const changed;
    mutable std::mutex mutex;
    counts now;  // guarded by mutex
};

admission::admission(std::size_t capacity, std::function<void(counts)> changed)
    : state_(std::make_shared<state>(capacity, std::move(changed))) {}

std::optional<admission::ticket> admission::enter() {
    std::lock_guard const lock(state_->mutex);
    auto& now = state_->now;
    if (now.running + now.waiting >= state_->capacity) return std::nullopt;
    ++now.waiting;
    state_->changed(now);
    return ticket(state_);
}

admission::counts admission::now() const {
    std::lock_guard const lock(state_->mutex);
    return state_->now;
}

admission::ticket::~ticket() {
    if (!owner_) return;
    std::lock_guard const lock(owner_->mutex);
    --(running_ ? owner_->now.running : owner_->now.waiting);
    owner_->changed(owner_->now);
}

void admission::ticket::begin() {
    std::lock_guard const lock(owner_->mutex);
    running_ = true;
    --owner_->now.waiting;
    ++owner_->now.running;
    owner_->changed(owner_->now);
}

}  // namespace parley
