// The command `parley backup`: a copy of the SQLite store, with a running server or without.
#pragma once

#include "common/config.hpp"

#include <filesystem>

namespace parley {

/// What it did goes to standard output, progress and what went wrong to standard error. Returns the exit
/// code.
[[nodiscard]] int run_backup(config const& settings, std::filesystem::path const& file, bool overwrite);

}  // namespace parley
