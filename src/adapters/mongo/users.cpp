#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/rounds.hpp"
#include "adapters/mongo/user_document.hpp"
#include "services/keyset.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

// Each round the local user of the one before was deleted.
/// Whose id and time of creation the local user has; decided by whoever comes first.
result<user> local_identity(session& db, user_id const& fresh, timestamp now) {
    auto const which = doc("_id", local_key);
    auto known = db.find_one(schema_collection, which);
    if (!known) return std::unexpected(known.error());
    if (!*known) {
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
    bson_t const& said = *(*known)->get();
    user out{
        id_at<user_id>(said, "user").value_or(user_id{}), {}, {}, time_at(said, "created").value_or(now)};
    out.is_admin = true;
    return out;
}

}  // namespace

result<void> create_user::run(session& db) const {
    auto const fresh = to_document(value).put("made", made);
    array documents;
    documents.push(fresh);
    auto const outcome = db.insert(users, documents);
    if (!outcome.refused) return {};
    if (!is_duplicate(outcome.refused->code)) return std::unexpected(outcome.refused->what);
    auto const there = db.find_one(users, doc("_id", value.user_id).put("made", made));
    if (!there) return std::unexpected(there.error());
    if (!*there) return user_exists();
    return {};
}

result<user> get_user::run(session& db) const {
    auto const found = find_user(db, user_id, read_from::preferred);
    if (!found) return std::unexpected(found.error());
    if (!*found) return user_not_found();
    return **found;
}

result<user> update_user::run(session& db) const {
    document set;
    set.put("name", patch.name);
    if (patch.extra) set.put_array("extra", to_array(*patch.extra).members());
    set.put("admin", patch.is_admin);
    if (patch.limits) set.put("limits", to_document(*patch.limits));
    if (set.empty()) return get_user{user_id}.run(db);
    auto const filter = doc("_id", user_id).put("deleted", undeleted());
    auto const changed = db.find_and_modify(users, filter, doc("$set", set));
    if (!changed) return std::unexpected(changed.error());
    if (!*changed) return user_not_found();
    return read_user(*(*changed)->get());
}

result<page<user>> list_users::run(session& db) const {
    auto const scan = [&db](bool ascending, std::optional<parley::user_id> const& from,
                            std::size_t limit) -> result<std::vector<user>> {
        document filter;
        if (from) filter.put("_id", doc(ascending ? "$gt" : "$lt", *from));
        filter.put("deleted", undeleted());
        find_options options;
        options.sort = doc("_id", ascending ? 1 : -1);
        options.limit = static_cast<std::int64_t>(limit);
        options.where = read_from::preferred;
        auto const found = db.find(users, filter, options);
        if (!found) return std::unexpected(found.error());
        std::vector<user> out;
        out.reserve(found->size());
        for (auto const& one : *found) out.push_back(read_user(*one.get()));
        return out;
    };
    return read_page<user>(
        query, scan, [](user const& one) { return one.user_id; },
        [](user const& one) { return text_bytes(one); });
}

result<user> local_user::run(session& db) const {
    for (int round = 0; round < most_rounds; ++round) {
        auto const wanted = local_identity(db, fresh, now);
        if (!wanted) return wanted;
        auto const id = wanted->user_id;
        auto const found = db.find_one(users, doc("_id", id));
        if (!found) return std::unexpected(found.error());
        if (*found && !is_mark(*(*found)->get())) return read_user(*(*found)->get());
        if (*found) {
            // Who deleted it died before he came to this.
            auto const gone = db.delete_all(schema_collection, doc("_id", local_key).put("user", id));
            if (!gone) return std::unexpected(gone.error());
            if (id == fresh) return user_not_found();
            continue;
        }
        array documents;
        documents.push(to_document(*wanted));
        auto const outcome = db.insert(users, documents);
        if (outcome.refused && !is_duplicate(outcome.refused->code)) {
            return std::unexpected(outcome.refused->what);
        }
    }
    return internal_error("the local user could not be made");
}

}  // namespace parley::mongo
