#include "adapters/mongo/user_deletion.hpp"

#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/user_document.hpp"
#include "services/store_errors.hpp"

#include <utility>

namespace parley::mongo {
namespace {

/// From then on nobody finds the user, whatever else is there. Whether it was there.
result<bool> put_mark(session& db, user_id const& id, timestamp now) {
    document contents;
    for (char const* const key : {"name", "extra", "created", "admin", "limits", "made"}) {
        contents.put(key, "");
    }
    document update;
    update.put("$set", doc("deleted", now)).put("$unset", contents);
    return db.update_one(users, doc("_id", id).put("deleted", undeleted()), update);
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

result<void> delete_user::run(session& db) {
    bool const repeated = std::exchange(sent, true);
    auto const marked = put_mark(db, user_id, now);
    if (!marked) return std::unexpected(marked.error());
    if (!*marked) {
        if (!repeated) return user_not_found();
        auto const mark = db.find_one(users, doc("_id", user_id));
        if (!mark) return std::unexpected(mark.error());
        if (!*mark) return user_not_found();
    }
    return delete_access(db, std::span{&user_id, 1});
}

}  // namespace parley::mongo
