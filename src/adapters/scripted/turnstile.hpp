// How many generations run at once and how many wait in line: first come, first served.
// Thread safety: every function from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace parley {

class turnstile {
public:
    struct counts {
        std::size_t running = 0;
        std::size_t waiting = 0;
    };

    /// A place in the line, then inside. Destroying it leaves. May outlive the turnstile.
    class pass {
    public:
        pass() = default;
        pass(pass const&) = delete;
        pass& operator=(pass const&) = delete;
        virtual ~pass() = default;
        [[nodiscard]] virtual bool admitted() const = 0;
    };

    turnstile(std::size_t places, std::size_t max_waiting);
    ~turnstile();
    turnstile(turnstile const&) = delete;
    turnstile& operator=(turnstile const&) = delete;

    /// Null when the line is full. `on_admitted` is called once, from any thread and perhaps before enter()
    /// returns, while a lock is held: it must be short and not call back.
    [[nodiscard]] std::unique_ptr<pass> enter(std::function<void()> on_admitted);

    [[nodiscard]] counts now() const;

private:
    class place;
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace parley
