// A SQLite store as store_archive: opened alone, its folder is locked as a server locks it.
// Thread safety and errors: as the port.
#pragma once

#include "common/config.hpp"
#include "services/store_archive.hpp"

#include <memory>

namespace parley {

/// `to_fill`: the folder and the database are made when they are absent; otherwise they must be there, and
/// complete, and what deleted users left goes first. Errors, each with a sentence for the operator: as
/// open_sqlite_store; store_absent; store_incomplete.
[[nodiscard]] result<std::unique_ptr<store_archive>> open_sqlite_archive(store_config const& settings,
                                                                         bool to_fill);

}  // namespace parley
