#include "adapters/mongo/schema.hpp"

#include "adapters/mongo/usage.hpp"
#include "adapters/mongo/user_document.hpp"

#include <initializer_list>
#include <string>

namespace parley::mongo {
namespace {

constexpr char const* version_key = "schema";

document index(char const* name, document const& keys, bool unique = false) {
    document out;
    out.put("name", name).put("key", keys);
    if (unique) out.put("unique", true);
    return out;
}

/// One command for each: FerretDB 1 breaks down over several that are all there already.
result<void> make_indexes(session& db, char const* collection, std::initializer_list<document> wanted) {
    for (auto const& one : wanted) {
        mongo::array indexes;
        indexes.push(one);
        document command;
        command.put("createIndexes", collection).put_array("indexes", indexes.members());
        auto const made = db.run(command);
        if (!made) return std::unexpected(made.error().what);
    }
    return {};
}

/// Who may come in: a key by its hash, keys and names by their user; and the users that are deleted.
result<void> make_identity_indexes(session& db) {
    auto done = make_indexes(db, users, {index("deletion", doc("deleted", 1))});
    if (!done) return done;
    done = make_indexes(
        db, keys,
        {index("hash", doc("hash", 1), true), index("user", doc("user", 1).put("created", 1).put("_id", 1))});
    if (!done) return done;
    return make_indexes(db, names, {index("user", doc("user", 1))});
}

/// The two lists, for each value of flags, so that a filter reads nothing that it leaves out; what is to be
/// found across users: running turns, replies that wait, deleted interactions, and those that expire; what
/// requests are deleted by; and what a user has used. Not partial: not every server has that.
result<void> make_all_indexes(session& db) {
    auto done = make_indexes(
        db, interactions,
        {index("list_by_last_message", doc("user", 1).put("flags", 1).put("last_message", 1).put("_id", 1)),
         index("list_by_creation", doc("user", 1).put("flags", 1).put("created", 1).put("_id", 1)),
         index("work", doc("work", 1)), index("expiry", doc("expires", 1))});
    if (!done) return done;
    done = make_indexes(db, messages,
                        {index("number", doc("interaction", 1).put("seq", 1), true),
                         index("branch", doc("interaction", 1).put("branch", 1).put("seq", 1)),
                         index("usage", doc("lease.user", 1).put("created", 1))});
    if (!done) return done;
    done = make_indexes(db, usage, {index("day", doc("user", 1).put("day", 1))});
    if (!done) return done;
    done =
        make_indexes(db, requests, {index("interaction", doc("interaction", 1)), index("age", doc("at", 1))});
    if (!done) return done;
    return make_identity_indexes(db);
}

result<bool> has_documents(session& db) {
    for (char const* const collection : {interactions, messages, users, keys, names, requests, usage}) {
        auto const one = db.find_one(collection, {});
        if (!one) return std::unexpected(one.error());
        if (*one) return true;
    }
    return false;
}

result<std::int64_t> version_of(session& db, std::string const& database) {
    auto const stored = db.find_one(schema_collection, doc("_id", version_key));
    if (!stored) return std::unexpected(stored.error());
    if (*stored) return number_at(*(*stored)->get(), "version").value_or(0);
    auto const foreign = has_documents(db);
    if (!foreign) return std::unexpected(foreign.error());
    if (*foreign) {
        return fail(error_kind::conflict, "store_not_ours",
                    "The database \"" + database +
                        "\" has collections of another program. Choose another one (store.database).");
    }
    return 0;
}

/// Before version 5 nobody was called an administrator.
result<void> make_local_user_administrator(session& db) {
    auto const known = db.find_one(schema_collection, doc("_id", local_key));
    if (!known) return std::unexpected(known.error());
    auto const id = *known ? id_at<user_id>(*(*known)->get(), "user") : std::nullopt;
    if (!id) return {};
    auto const done = db.update_one(users, doc("_id", *id), doc("$set", doc("admin", true)));
    if (!done) return std::unexpected(done.error());
    return {};
}

/// What indexes do not do.
result<void> take_over(session& db, std::int64_t version) {
    constexpr std::int64_t first_with_usage = 4;
    constexpr std::int64_t first_with_administrators = 5;
    if (version < first_with_usage) {
        if (auto done = claim_old_replies(db); !done) return done;
    }
    if (version >= first_with_administrators) return {};
    return make_local_user_administrator(db);
}

}  // namespace

result<bool> has_schema(session& db) {
    auto const stored = db.find_one(schema_collection, doc("_id", version_key));
    if (!stored) return std::unexpected(stored.error());
    return stored->has_value();
}

result<void> prepare_schema(session& db, std::string const& database) {
    auto const version = version_of(db, database);
    if (!version) return std::unexpected(version.error());
    if (*version > schema_version) {
        return fail(error_kind::conflict, "store_too_new",
                    "The database \"" + database + "\" was made by a newer Parley, version " +
                        std::to_string(*version) + "; this one knows " + std::to_string(schema_version) +
                        ". Run the newer Parley, or choose another database (store.database).");
    }
    // Mostly the versions up to now have added indexes: what an older document lacks (version 2 added when an
    // interaction expires; version 3 branches, replies that wait and requests; version 4 tools, reasoning,
    // attempts and cost; version 5 limits, keys and names) has a meaning when it is absent.
    if (auto const done = make_all_indexes(db); !done) return done;
    if (*version == schema_version) return {};
    if (*version > 0) {
        if (auto const done = take_over(db, *version); !done) return done;
    }
    document update;
    update.put("$max", doc("version", schema_version));
    auto const stored = db.find_and_modify(schema_collection, doc("_id", version_key), update, true);
    if (stored) return {};
    // Two that start at once on an empty database: one of the two inserts is refused as a duplicate.
    if (stored.error().code == "duplicate_key") return {};
    return std::unexpected(stored.error());
}

}  // namespace parley::mongo
