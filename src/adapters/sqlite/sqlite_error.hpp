// From SQLite's result codes to the errors of the ports (https://www.sqlite.org/rescode.html).
#pragma once

#include "common/error.hpp"

#include <string>

namespace parley::sqlite {

/// `code` may be extended. FULL becomes storage_full; trouble with the disk or its files store_unavailable; a
/// lock that was not had in time store_timeout; all else internal_error. `detail` (for the log) carries
/// SQLite's words.
[[nodiscard]] error to_error(int code, std::string const& message);

/// True when the connection that said it may be in a state nobody should rely on: it is closed and opened
/// anew.
[[nodiscard]] bool needs_reopening(int code);

}  // namespace parley::sqlite
