#include "adapters/mongo/user_document.hpp"

namespace parley::mongo {

document to_document(usage_limits const& value) {
    document out;
    for_each_limit([&out](char const* name, std::optional<std::int64_t> const& one) { out.put(name, one); },
                   value);
    return out;
}

usage_limits limits_at(bson_t const& in, char const* key) {
    usage_limits out;
    auto const members = view_at(in, key);
    if (!members) return out;
    for_each_limit(
        [&members](char const* name, std::optional<std::int64_t>& one) { one = number_at(*members, name); },
        out);
    return out;
}

user read_user(bson_t const& from) {
    return {id_at<user_id>(from, "_id").value_or(user_id{}),
            text_at(from, "name").value_or(""),
            attributes_at(from, "extra"),
            time_at(from, "created").value_or(timestamp{}),
            flag_at(from, "admin"),
            limits_at(from, "limits")};
}

document to_document(user const& value) {
    document out;
    out.put("_id", value.user_id)
        .put("name", value.name)
        .put_array("extra", to_array(value.extra).members())
        .put("created", value.created_at)
        .put("admin", value.is_admin)
        .put("limits", to_document(value.limits));
    return out;
}

bool is_mark(bson_t const& user_document) { return time_at(user_document, "deleted").has_value(); }

document undeleted() { return doc("$exists", false); }

document is_deleted() { return doc("$gte", earliest_timestamp); }

result<std::optional<user>> find_user(session& db, user_id const& id, read_from where) {
    auto const found = db.find_one(users, doc("_id", id), where);
    if (!found) return std::unexpected(found.error());
    bool const there = *found && !is_mark(*(*found)->get());
    return there ? std::optional{read_user(*(*found)->get())} : std::nullopt;
}

document one_of(std::span<user_id const> ids) {
    array all;
    for (auto const& one : ids) all.push(one);
    document out;
    return out.put_array("$in", all.members());
}

}  // namespace parley::mongo
