// Passes a stop, which may come from any thread at any time, on to the generations that work for another one.
//
// Thread safety: every function from any thread. Ownership: borrows the generations; whoever adds one removes
// it before it goes.
#pragma once

#include "services/language_model.hpp"

#include <mutex>
#include <vector>

namespace parley {

class stop_relay {
public:
    void stop() noexcept {
        std::scoped_lock const lock{guard_};
        asked_ = true;
        for (auto* const one : running_) one->stop();
    }

    [[nodiscard]] bool asked() const {
        std::scoped_lock const lock{guard_};
        return asked_;
    }

    /// It is stopped at once when the stop has come before.
    void add(generation& one) {
        std::scoped_lock const lock{guard_};
        running_.push_back(&one);
        if (asked_) one.stop();
    }

    void remove(generation& one) {
        std::scoped_lock const lock{guard_};
        std::erase(running_, &one);
    }

private:
    mutable std::mutex guard_;
    bool asked_ = false;  // guarded, as below
    std::vector<generation*> running_;
};

}  // namespace parley
