// The inside of model_memory, for it and for on_demand_model: which models are in memory, who uses them, who
// waits for one.
//
// Thread safety: every function from any thread, none of them blocks for long except retire() and close().
// Ownership: shared by all who use it, so that a pin may outlive the memory; the models end with close().
#pragma once

#include "common/error.hpp"
#include "common/wakeup.hpp"
#include "modules/models/loader_thread.hpp"
#include "modules/models/model_memory.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace parley {

/// One model's place. Everything but the first three is guarded by its core.
struct memory_slot {
    using time_point = std::chrono::steady_clock::time_point;

    std::string const name;
    std::size_t const bytes;  // an estimate
    model_maker const make;

    model_state state = model_state::unloaded;  // loading from when it has its room
    std::unique_ptr<language_model> model;      // while it is loading or ready; only its loader destroys it
    std::string problem;                        // of the last load, when that failed
    time_point failed_at{};
    double share = 0;         // of the running load
    std::uint64_t load = 0;   // which one; what belongs to an earlier one is out of date
    std::size_t pins = 0;     // who uses it or waits for it
    std::size_t waiting = 0;  // of these, who waits
    time_point last_used{};
    std::deque<time_point> kept_until;  // for those who have prepared it; in order of time
    bool retired = false;
};

using shared_slot = std::shared_ptr<memory_slot>;

class memory_core : public std::enable_shared_from_this<memory_core> {
public:
    using time_point = memory_slot::time_point;
    /// Where a model stands for one who waits for it.
    enum class standing { in_memory, loading, no_room };

    memory_core(model_memory_options chosen, metrics& seen);

    void add(shared_slot const& slot);
    /// The model's end. Blocks until it has ended.
    void retire(shared_slot const& slot);
    /// The end of all. Blocks.
    void close();

    /// What `known` says, and what is to be said about its state now.
    [[nodiscard]] model_info describe(memory_slot& slot, model_info known);

    /// Pins it when it is in memory. `prepared`: takes up what a prepare() has kept, too.
    [[nodiscard]] bool pin_loaded(memory_slot& slot, bool prepared);
    void unpin(memory_slot& slot);
    void keep_for_start(memory_slot& slot);

    // Who waits has a pin, so that what is loaded for him stays until he has seen it.
    void join(memory_slot& slot, wakeup& sleeper);
    void leave(memory_slot& slot, wakeup& sleeper);
    /// Begins to load when that can be. Errors: unavailable (model_failed).
    [[nodiscard]] result<standing> look(shared_slot const& slot);
    [[nodiscard]] error no_room(memory_slot const& slot);
    [[nodiscard]] double share(memory_slot const& slot);
    /// How long nothing can change without a notification.
    [[nodiscard]] std::chrono::milliseconds next_look();

    [[nodiscard]] model_memory_options const& options() const { return options_; }

private:
    // With guard_ held.
    [[nodiscard]] bool in_use(memory_slot& slot, time_point now);
    [[nodiscard]] bool make_room(std::size_t bytes, time_point now);
    [[nodiscard]] error failure_of(memory_slot const& slot) const;
    [[nodiscard]] bool too_large(memory_slot const& slot) const;
    void begin_load(shared_slot const& slot);
    void unload(memory_slot& slot);
    void wake(memory_slot const* only = nullptr);
    void tell_loaded();

    // On the loader's thread.
    void load(shared_slot const& slot, std::uint64_t number);
    void settle(shared_slot const& slot, std::uint64_t number);
    [[nodiscard]] load_callbacks callbacks_for(shared_slot const& slot, std::uint64_t number);
    void progressed(memory_slot& slot, std::uint64_t number, double share);
    void fail_load(memory_slot& slot, std::string problem);

    model_memory_options const options_;
    metrics& seen_;
    std::mutex guard_;
    std::vector<shared_slot> slots_;  // guarded, as below
    std::deque<memory_slot*>
        queue_;             // who needs room; only the first takes it, so that a large one gets it, too
    std::size_t used_ = 0;  // bytes
    std::vector<std::pair<memory_slot const*, wakeup*>> sleepers_;
    bool closed_ = false;
    loader_thread loader_;
};

/// Keeps a model in memory while it lives.
class model_pin {
public:
    model_pin() = default;
    /// Takes over a pin that the core has counted.
    model_pin(std::shared_ptr<memory_core> core, shared_slot slot)
        : core_(std::move(core)),
          slot_(std::move(slot)) {}
    model_pin(model_pin&& other) noexcept = default;
    model_pin& operator=(model_pin&& other) noexcept {
        if (this != &other) {
            release();
            core_ = std::move(other.core_);
            slot_ = std::move(other.slot_);
        }
        return *this;
    }
    ~model_pin() { release(); }

    [[nodiscard]] language_model& model() const { return *slot_->model; }
    void release() {
        if (auto const core = std::exchange(core_, nullptr)) core->unpin(*slot_);
        slot_.reset();
    }

private:
    std::shared_ptr<memory_core> core_;
    shared_slot slot_;
};

}  // namespace parley
