// One coroutine's wait for a model to be loaded.
//
// Thread safety: belongs to the coroutine. Ownership: borrows the wakeup; shares the rest.
#pragma once

#include "common/wakeup.hpp"
#include "modules/models/memory_core.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace parley {

class model_wait {
public:
    /// `awoken` is notified when it is worth to look again.
    model_wait(std::shared_ptr<memory_core> core, shared_slot slot, wakeup& awoken)
        : core_(std::move(core)),
          slot_(std::move(slot)),
          awoken_(awoken) {
        core_->join(*slot_, awoken_);
    }
    ~model_wait() {
        core_->leave(*slot_, awoken_);
        core_->unpin(*slot_);
    }
    model_wait(model_wait const&) = delete;
    model_wait& operator=(model_wait const&) = delete;

    /// A pin when the model is in memory. Nothing while it is not; it is being loaded then, as soon as there
    /// is room. Errors: unavailable (model_failed); overloaded (model_memory_full) when that takes too long.
    [[nodiscard]] result<std::optional<model_pin>> look() {
        auto const stands = core_->look(slot_);
        if (!stands) return std::unexpected(stands.error());
        if (*stands == memory_core::standing::in_memory && core_->pin_loaded(*slot_, false)) {
            return std::optional<model_pin>{std::in_place, core_, slot_};
        }
        if (*stands == memory_core::standing::no_room && waited() >= core_->options().longest_wait) {
            return std::unexpected(core_->no_room(*slot_));
        }
        return std::optional<model_pin>{};
    }

    /// How long to sleep before looking again, unless one is awoken.
    [[nodiscard]] std::chrono::milliseconds patience() const {
        auto const left = core_->options().longest_wait - waited();
        auto const next = core_->next_look();
        return left.count() > 0 && left < next ? left : next;
    }

    /// How much of it is loaded, 0–1.
    [[nodiscard]] double share() const { return core_->share(*slot_); }

private:
    [[nodiscard]] std::chrono::milliseconds waited() const {
        return std::chrono::duration_cast<std::chrono::milliseconds>(core_->options().now() - since_);
    }

    std::shared_ptr<memory_core> const core_;
    shared_slot const slot_;
    wakeup& awoken_;
    memory_slot::time_point const since_ = core_->options().now();
};

}  // namespace parley
