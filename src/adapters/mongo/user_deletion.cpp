#include "adapters/mongo/user_deletion.hpp"

#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/user_document.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

/// From then on nobody finds the user, whatever else is there. Whether it was there.
result<bool> put_mark(session& db, delete_user const& wanted) {
    document contents;
    for (char const* const key : {"name", "extra", "created", "admin", "limits"}) contents.put(key, "");
    document update;
    update.put("$set", doc("deleted", wanted.now).put("made", wanted.made)).put("$unset", contents);
    return db.update_one(users, doc("_id", wanted.user_id).put("deleted", undeleted()), update);
}

}  // namespace

result<void> delete_access(session& db, std::span<user_id const> of) {
    auto const theirs = doc("user", one_of(of));
    for (char const* const collection : {keys, names}) {
        auto const gone = db.delete_all(collection, theirs);
        if (!gone) return std::unexpected(gone.error());
    }
    auto const local = doc("_id", local_key).put("user", one_of(of));
    auto const gone = db.delete_all(schema_collection, local);
    if (!gone) return std::unexpected(gone.error());
    return {};
}

result<void> delete_user::run(session& db) const {
    auto const marked = put_mark(db, *this);
    if (!marked) return std::unexpected(marked.error());
    if (!*marked) {
        auto const own = db.find_one(users, doc("_id", user_id).put("made", made));
        if (!own) return std::unexpected(own.error());
        if (!*own) return user_not_found();
    }
    return delete_access(db, std::span{&user_id, 1});
}

}  // namespace parley::mongo
