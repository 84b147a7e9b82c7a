// A circuit breaker: who has failed several times in a row is left alone for a while, and then tried by one
// request alone before everybody asks it again.
//
// Thread safety: none; route_target guards it. Ownership: values only.
#pragma once

#include "services/language_model.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace parley {

struct breaker_options {
    unsigned failures = 5;  // so many in a row open it; 0: it never opens by failures
    std::chrono::milliseconds open_for{30'000};
};

class breaker {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// A request that was let through. It reports how it went, or that nobody will know.
    struct permit {
        std::uint64_t era = 0;
        bool probe = false;
    };

    explicit breaker(breaker_options chosen) : chosen_(chosen) {}

    /// nullopt while it is open, or while its one probe is under way.
    [[nodiscard]] std::optional<permit> ask(time_point now);

    // What comes from before it last changed its state tells nothing about now, and is ignored.
    void succeeded(permit const& of);
    void failed(permit const& of, time_point now);
    /// Neither: the probe's place is free for the next one.
    void let_go(permit const& of);

    /// The other side has said for how long it is not to be asked. Never makes that shorter.
    void rest_until(time_point until);

    [[nodiscard]] breaker_state state() const { return state_; }
    /// Until when nobody is let through. Nothing when somebody would be, or when a probe decides that.
    [[nodiscard]] std::optional<time_point> open_until(time_point now) const;

private:
    void change(breaker_state to);

    breaker_options const chosen_;
    breaker_state state_ = breaker_state::closed;
    std::uint64_t era_ = 0;
    unsigned failures_ = 0;  // in a row
    time_point until_{};     // while open
};

}  // namespace parley
