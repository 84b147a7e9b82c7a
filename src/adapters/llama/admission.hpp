// Counts the generations a model has accepted and refuses those beyond its bounds.
// Thread safety: every function from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

namespace parley {

class admission {
    struct state;

public:
    struct counts {
        std::size_t running = 0;
        std::size_t waiting = 0;
    };

    /// One accepted generation, waiting at first. Destroying it gives the place back. May outlive the
    /// admission.
    class ticket {
    public:
        explicit ticket(std::shared_ptr<state> owner) : owner_(std::move(owner)) {}
        ticket(ticket&& other) noexcept = default;
        ticket& operator=(ticket&&) = delete;
        ~ticket();

        /// It runs from now on. Called once.
        void begin();

    private:
        std::shared_ptr<state> owner_;
        bool running_ = false;
    };

    /// `capacity`: how many may run and wait together. `changed` is told every new count, in order, while a
    /// lock is held: it must be short and not call back.
    admission(std::size_t capacity, std::function<void(counts)> changed);

    /// nullopt when it is full.
    [[nodiscard]] std::optional<ticket> enter();

    [[nodiscard]] counts now() const;

private:
    std::shared_ptr<state> state_;
};

}  // namespace parley
