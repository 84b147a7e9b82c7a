// The C functions through which SQLite uses the simulated disk.
#pragma once

#include "simulated_disk.hpp"

#include <sqlite3.h>

#include <string>

namespace parley::test {

void fill_vfs(sqlite3_vfs& methods, simulated_disk& disk, std::string const& name);

}  // namespace parley::test
