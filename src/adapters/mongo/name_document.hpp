// A name under which somebody else knows a user, as a document: _id{issuer, subject}, user, created (when the
// user was first seen). It is stored before the user is.
#pragma once

#include "adapters/mongo/document.hpp"
#include "entities/user.hpp"

namespace parley::mongo {

[[nodiscard]] external_identity read_name(bson_t const& from);

/// The pair as it is the document's _id: always in this order, by which servers compare it.
[[nodiscard]] document id_of(external_identity const& name);

[[nodiscard]] document to_document(external_identity const& name, user_id const& user, timestamp created);

}  // namespace parley::mongo
