#include "adapters/scripted/turnstile.hpp"

#include <atomic>
#include <deque>
#include <mutex>
#include <utility>

namespace parley {

struct turnstile::state {
    std::size_t const places;
    std::size_t const max_waiting;
    mutable std::mutex mutex;
    std::size_t running = 0;     // guarded by mutex
    std::deque<place*> waiting;  // guarded by mutex
};

class turnstile::place final : public turnstile::pass {
public:
    place(std::shared_ptr<state> owner, std::function<void()> on_admitted)
        : owner_(std::move(owner)),
          on_admitted_(std::move(on_admitted)) {}

    ~place() override {
        std::lock_guard const lock(owner_->mutex);
        if (admitted_) {
            --owner_->running;
            if (!owner_->waiting.empty()) {
                owner_->waiting.front()->admit();
                owner_->waiting.pop_front();
            }
        } else {
            std::erase(owner_->waiting, this);
        }
    }

    [[nodiscard]] bool admitted() const override { return admitted_; }

    /// With the mutex held.
    void admit() {
        ++owner_->running;
        admitted_ = true;
        on_admitted_();
    }

private:
    std::shared_ptr<state> const owner_;
    std::function<void()> const on_admitted_;
    std::atomic<bool> admitted_ = false;
};

turnstile::turnstile(std::size_t places, std::size_t max_waiting)
    : state_(std::make_shared<state>(places, max_waiting)) {}

turnstile::~turnstile() = default;

std::unique_ptr<turnstile::pass> turnstile::enter(std::function<void()> on_admitted) {
    auto entering = std::make_unique<place>(state_, std::move(on_admitted));
    std::unique_lock lock(state_->mutex);
    if (state_->running < state_->places) {
        entering->admit();
    } else if (state_->waiting.size() < state_->max_waiting) {
        state_->waiting.push_back(entering.get());
    } else {
        lock.unlock();  // the place's own destructor locks
        return nullptr;
    }
    return entering;
}

turnstile::counts turnstile::now() const {
    std::lock_guard const lock(state_->mutex);
    return {state_->running, state_->waiting.size()};
}

}  // namespace parley
