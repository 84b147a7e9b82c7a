// A user as a document: _id, name, extra[{k, v}], created, admin, limits{}, made (the call that made it, so
// that it knows its own). Who the local one is stands in schema_collection, under local_key: user, created.
//
// A deleted one stays for a while as no more than its mark: _id, deleted (when), made. The mark is the user's
// own document, so that there is no moment in which one of two says that the user is there.
#pragma once

#include "adapters/mongo/document.hpp"
#include "adapters/mongo/session.hpp"
#include "entities/user.hpp"

#include <span>

namespace parley::mongo {

inline constexpr char const* local_key = "local_user";

/// The limits that are set, under their names.
[[nodiscard]] document to_document(usage_limits const& value);
[[nodiscard]] usage_limits limits_at(bson_t const& in, char const* key);

[[nodiscard]] user read_user(bson_t const& from);
[[nodiscard]] document to_document(user const& value);

[[nodiscard]] bool is_mark(bson_t const& user_document);

/// For filters on `deleted`: users, or marks.
[[nodiscard]] document undeleted();
[[nodiscard]] document is_deleted();

/// From the primary unless it says otherwise. Nothing when it is absent or deleted. Errors: those of session.
[[nodiscard]] result<std::optional<user>> find_user(session& db, user_id const& id,
                                                    read_from where = read_from::primary);

/// For filters: one of these.
[[nodiscard]] document one_of(std::span<user_id const> ids);

}  // namespace parley::mongo
