// The memory for models that are loaded when somebody asks for them: when one needs room, those that were not
// used for longest are unloaded. Never one that is in use.
//
// In use is a model of which a generation runs, tokens are counted, or somebody waits for it; and one that
// was just prepared: it is kept for the start() that follows, for a short time. Should that come later and
// find it unloaded, it is loaded again: nothing but time is lost.
//
// Thread safety: every function from any thread. Ownership: owns the models while they are in memory, and one
// thread that makes and destroys them, because both may take long. The event loops whose coroutines wait for
// a model must exist until this is destroyed; on_demand_models may go before or after it.
#pragma once

#include "services/clock.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

namespace parley {

class memory_core;

/// What a model that is being made tells. From any thread, perhaps before its maker has returned, and not
/// with a lock held that info() takes.
struct load_callbacks {
    std::function<void(double)> on_progress;  // 0–1
    std::function<void()> on_settled;         // info() says ready or failed from now on
};

/// Makes a model that begins to load in the background, or that is ready at once. Called from the memory's
/// own thread, again for each load.
using model_maker = std::function<std::unique_ptr<language_model>(load_callbacks)>;

struct model_memory_options {
    std::size_t budget = 0;                          // bytes for all of them together; 0: no limit
    std::chrono::milliseconds longest_wait{30'000};  // for room, while all others are in use
    std::chrono::milliseconds kept_after_prepare{10'000};
    std::chrono::milliseconds retry_after{10'000};  // one that has failed is not tried again before that
    steady_source now = steady_now;
};

class model_memory {
public:
    model_memory(model_memory_options chosen, metrics& seen);
    /// Ends all its models.
    ~model_memory();
    model_memory(model_memory const&) = delete;
    model_memory& operator=(model_memory const&) = delete;

    [[nodiscard]] std::shared_ptr<memory_core> const& core() const { return core_; }

private:
    std::shared_ptr<memory_core> core_;
};

}  // namespace parley
