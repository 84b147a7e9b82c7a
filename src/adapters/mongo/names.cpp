#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/name_document.hpp"
#include "adapters/mongo/rounds.hpp"
#include "adapters/mongo/user_document.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

// Each round somebody else was faster, or the user of the one before was deleted.
/// Stores the name for a user that is not there yet. False when somebody has stored it before.
result<bool> take_name(session& db, external_identity const& name, user const& fresh) {
    array documents;
    documents.push(to_document(name, fresh.user_id, fresh.created_at));
    auto const outcome = db.insert(names, documents);
    if (!outcome.refused) return true;
    if (is_duplicate(outcome.refused->code)) return false;
    return std::unexpected(outcome.refused->what);
}

}  // namespace

// The name comes first: its _id lets one writer through. Whoever finds a name without its user makes the
// user, since who stored the name died, or has not come to it yet. One that was deleted is no such user: its
// mark is in the way.
result<user> external_user::run(session& db) const {
    for (int round = 0; round < most_rounds; ++round) {
        auto const known = db.find_one(names, doc("_id", id_of(name)));
        if (!known) return std::unexpected(known.error());
        auto wanted = fresh;
        if (*known) {
            bson_t const& said = *(*known)->get();
            wanted.user_id = id_at<user_id>(said, "user").value_or(user_id{});
            wanted.created_at = time_at(said, "created").value_or(fresh.created_at);
            auto const found = db.find_one(users, doc("_id", wanted.user_id));
            if (!found) return std::unexpected(found.error());
            if (*found && !is_mark(*(*found)->get())) return read_user(*(*found)->get());
            if (*found) {
                // Who deleted it died before he came to the name.
                auto const stale = doc("_id", id_of(name)).put("user", wanted.user_id);
                auto const gone = db.delete_all(names, stale);
                if (!gone) return std::unexpected(gone.error());
                if (wanted.user_id == fresh.user_id) return user_not_found();
                continue;
            }
        } else {
            auto const taken = take_name(db, name, fresh);
            if (!taken) return std::unexpected(taken.error());
            if (!*taken) continue;
        }
        array documents;
        documents.push(to_document(wanted));
        auto const outcome = db.insert(users, documents);
        if (!outcome.refused) return wanted;
        if (!is_duplicate(outcome.refused->code)) return std::unexpected(outcome.refused->what);
    }
    return internal_error("a user could not be made for a name");
}

}  // namespace parley::mongo
