// The command `parley migrate-store`: everything from one store into another one, and a comparison of the
// two.
#pragma once

#include "common/config.hpp"

namespace parley {

/// What it found goes to standard output, progress and what went wrong to standard error. `verify`: compares
/// only. Returns the exit code.
[[nodiscard]] int run_migrate(config const& source, config const& target, bool verify);

}  // namespace parley
