// The mark of a database that is the unfinished copy of another store: a document of schema_collection that
// is there while the database is filled. Errors: those of session.
#pragma once

#include "adapters/mongo/session.hpp"

#include <optional>
#include <string>

namespace parley::mongo {

/// Of what it is the copy; nothing when it is none.
[[nodiscard]] result<std::optional<std::string>> received_source(session& db);

[[nodiscard]] result<void> begin_reception(session& db, std::string const& source);
[[nodiscard]] result<void> end_reception(session& db);

}  // namespace parley::mongo
