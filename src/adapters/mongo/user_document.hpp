// A user as a document: _id, name, extra[{k, v}], created. Who the local one is stands in schema_collection,
// under local_key: user, created.
#pragma once

#include "adapters/mongo/document.hpp"
#include "entities/user.hpp"

namespace parley::mongo {

inline constexpr char const* local_key = "local_user";

[[nodiscard]] inline user read_user(bson_t const& from) {
    return {id_at<user_id>(from, "_id").value_or(user_id{}), text_at(from, "name").value_or(""),
            attributes_at(from, "extra"), time_at(from, "created").value_or(timestamp{})};
}

[[nodiscard]] inline document to_document(user const& value) {
    document out;
    out.put("_id", value.user_id)
        .put("name", value.name)
        .put_array("extra", to_array(value.extra).members())
        .put("created", value.created_at);
    return out;
}

}  // namespace parley::mongo
