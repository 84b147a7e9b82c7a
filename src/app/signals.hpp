// SIGINT and SIGTERM as something a thread can wait for.
#pragma once

#include <chrono>

namespace parley {

/// To be called before any thread is started: from then on the two signals wait for next_signal(). SIGPIPE is
/// ignored.
void hold_signals();

/// The signal's number, or 0 after `longest`.
[[nodiscard]] int next_signal(std::chrono::milliseconds longest);

/// Waits without end.
[[nodiscard]] int next_signal();

/// From now on the next signal ends the process at once with 128 + its number.
void leave_at_next_signal();

}  // namespace parley
