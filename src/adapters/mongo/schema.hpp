// The database's layout: collections, indexes, a version and the steps from each to the next.
#pragma once

#include "adapters/mongo/session.hpp"

#include <cstdint>

namespace parley::mongo {

/// What this program writes.
inline constexpr std::int64_t schema_version = 5;

/// Makes the layout in an empty database, brings an older one to schema_version, and makes indexes that are
/// missing. Several processes may do it at once. Errors: conflict (store_too_new, store_not_ours), each with
/// a sentence for the operator; those of session.
[[nodiscard]] result<void> prepare_schema(session& db, std::string const& database);

/// Whether the database has such a layout, of any version.
[[nodiscard]] result<bool> has_schema(session& db);

}  // namespace parley::mongo
