// The command `parley serve`: runs the server until it is told to stop.
#pragma once

#include "common/config.hpp"

namespace parley {

/// Returns the exit code: 0 after an orderly end, 1 when the server could not start (the reason is on
/// standard error). A second SIGINT or SIGTERM ends the process at once with 130 or 143.
[[nodiscard]] int run_serve(config const& settings);

}  // namespace parley
