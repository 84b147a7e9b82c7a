// Wakes a coroutine that waits for its seat at the model: when the seat moves, and when the work should end.
// Ownership: borrows all three, for its own life.
#pragma once

#include "common/wakeup.hpp"
#include "modules/turn/model_queue.hpp"
#include "modules/turn/running_turns.hpp"

namespace parley {

class seat_watch {
public:
    seat_watch(turn_control& control, model_queue::seat& seat, wakeup& sleeper)
        : control_(control),
          seat_(seat) {
        control_.attach(&sleeper);
        seat_.notify([&sleeper] { sleeper.notify(); });
    }
    ~seat_watch() {
        seat_.notify(nullptr);
        control_.attach(static_cast<wakeup*>(nullptr));
    }
    seat_watch(seat_watch const&) = delete;
    seat_watch& operator=(seat_watch const&) = delete;

private:
    turn_control& control_;
    model_queue::seat& seat_;
};

}  // namespace parley
