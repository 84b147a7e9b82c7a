// Ctrl-C as something that can be waited for beside other things.
#pragma once

#include "common/task.hpp"

namespace parley {

/// While it lives, SIGINT does not end the process but waits here. To be made before other threads are
/// started, one at a time. Thread safety: used by one thread.
class interrupts {
public:
    interrupts();
    ~interrupts();
    interrupts(interrupts const&) = delete;
    interrupts& operator=(interrupts const&) = delete;

    /// Readable when an interrupt waits: for poll().
    [[nodiscard]] int descriptor() const { return descriptor_; }

    /// Forgets what came so far; true when there was something.
    bool drain();

    /// Returns at the next interrupt, which is drained.
    [[nodiscard]] task<void> wait();

private:
    int descriptor_;
};

}  // namespace parley
