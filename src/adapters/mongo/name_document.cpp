#include "adapters/mongo/name_document.hpp"

namespace parley::mongo {

external_identity read_name(bson_t const& from) {
    auto const pair = view_at(from, "_id");
    if (!pair) return {};
    return {text_at(*pair, "issuer").value_or(""), text_at(*pair, "subject").value_or("")};
}

document id_of(external_identity const& name) {
    return doc("issuer", std::string_view{name.issuer}).put("subject", std::string_view{name.subject});
}

document to_document(external_identity const& name, user_id const& user, timestamp created) {
    return doc("_id", id_of(name)).put("user", user).put("created", created);
}

}  // namespace parley::mongo
