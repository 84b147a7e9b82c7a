// A copy of a SQLite store, taken while a server may be running on it: a reader beside others, which takes no
// lock of the data folder and writes nothing there.
// Thread safety: plain function; blocks, not for an event loop.
#pragma once

#include "common/error.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace parley {

struct backup_request {
    std::filesystem::path folder;  // of the store
    std::filesystem::path file;    // the copy
    bool overwrite = false;
};

enum class backup_step { copying, checking };

/// `share` of the step is done, 0 to 1; false: stop.
using backup_observer = std::function<bool(backup_step step, double share)>;

struct backup_report {
    std::int64_t interactions = 0;
    std::int64_t messages = 0;
    std::uintmax_t bytes = 0;
};

/// Everything that was acknowledged before the call is in the copy, which is one file, readable by its owner
/// alone, and the `parley.db` of a data folder. It is checked as a whole and on disk before it gets its name;
/// after an error there is no copy, and an old one is as it was. Errors, each with a sentence for the
/// operator: store_absent, store_incomplete, store_damaged, store_not_ours, store_too_new; backup_exists,
/// backup_path_invalid, backup_not_writable, storage_full; cancelled.
[[nodiscard]] result<backup_report> back_up_sqlite(backup_request const& wanted, backup_observer const& seen);

}  // namespace parley
