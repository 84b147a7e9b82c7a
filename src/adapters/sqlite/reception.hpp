// The mark of a database that is the unfinished copy of another store: a table that is there while it is
// filled and gone when it is done. Thread safety: none, as the connection. Errors: as to_error.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "common/error.hpp"

#include <string>

namespace parley::sqlite {

[[nodiscard]] result<bool> is_receiving(connection& db);

/// `source`: letters, digits and dashes.
[[nodiscard]] result<bool> is_receiving_from(connection& db, std::string const& source);
[[nodiscard]] result<void> begin_reception(connection& db, std::string const& source);
[[nodiscard]] result<void> end_reception(connection& db);

}  // namespace parley::sqlite
