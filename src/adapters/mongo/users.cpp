#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/user_document.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
result<user> get_user::run(session& db) const {
    auto const found = db.find_one(users, doc("_id", user_id), read_from::preferred);
    if (!found) return std::unexpected(found.error());
    if (!*found) return user_not_found();
    return read_user(*(*found)->get());
}

result<user> update_user::run(session& db) const {
    document set;
    set.put("name", patch.name);
    if (patch.extra) set.put_array("extra", to_array(*patch.extra).members());
    if (set.empty()) return get_user{user_id}.run(db);
    auto const changed = db.find_and_modify(users, doc("_id", user_id), doc("$set", set));
    if (!changed) return std::unexpected(changed.error());
    if (!*changed) return user_not_found();
    return read_user(*(*changed)->get());
}

result<user> local_user::run(session& db) const {
    auto const which = doc("_id", local_key);
    auto known = db.find_one(schema_collection, which);
    if (!known) return std::unexpected(known.error());
    if (!*known) {
        // Whoever comes first decides which id it is.
        array wish;
        wish.push(doc("_id", local_key).put("user", fresh).put("created", now));
        auto const outcome = db.insert(schema_collection, wish);
        if (outcome.refused && !is_duplicate(outcome.refused->code)) {
            return std::unexpected(outcome.refused->what);
        }
        known = db.find_one(schema_collection, which);
        if (!known) return std::unexpected(known.error());
        if (!*known) return internal_error("the local user's id was stored and is not there");
    }
    auto const id = id_at<parley::user_id>(*(*known)->get(), "user").value_or(parley::user_id{});
    auto const created = time_at(*(*known)->get(), "created").value_or(now);
    auto const found = db.find_one(users, doc("_id", id));
    if (!found) return std::unexpected(found.error());
    if (*found) return read_user(*(*found)->get());
    array fresh_user;
    fresh_user.push(to_document(user{id, {}, {}, created}));
    auto const outcome = db.insert(users, fresh_user);
    if (outcome.refused && !is_duplicate(outcome.refused->code)) {
        return std::unexpected(outcome.refused->what);
    }
    return get_user{id}.run(db);
}

}  // namespace parley::mongo
