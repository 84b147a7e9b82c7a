// SIGINT, SIGTERM and SIGHUP (unless it is ignored, as under nohup) as something a thread can wait for.
#pragma once

#include <chrono>

namespace parley {

/// To be called before any thread is started: from then on the signals wait for next_signal(). SIGPIPE is
/// ignored.
void hold_signals();

/// The signal's number, or 0 after `longest`.
[[nodiscard]] int next_signal(std::chrono::milliseconds longest);

/// Waits without end.
[[nodiscard]] int next_signal();

/// From now on the next SIGINT or SIGTERM ends the process at once with 128 + its number. Not SIGHUP: a
/// terminal that is closed sends more than one.
void leave_at_next_signal();

}  // namespace parley
