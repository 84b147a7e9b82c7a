// A key as a document: _id, user, hash (32 bytes), name, hint, scopes[text], created, expires (absent:
// never), last_used (absent: never), limits{}.
#pragma once

#include "adapters/mongo/document.hpp"
#include "entities/api_key.hpp"

namespace parley::mongo {

[[nodiscard]] api_key read_key(bson_t const& from);
[[nodiscard]] document to_document(api_key const& value);

/// Of keys: newest first.
[[nodiscard]] document newest_first();

}  // namespace parley::mongo
