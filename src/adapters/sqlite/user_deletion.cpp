#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/query.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/schema.hpp"
#include "services/store_errors.hpp"

#include <vector>

namespace parley::sqlite {
namespace {

result<std::vector<std::int64_t>> interactions_of_deleted_users(connection& db, std::size_t limit) {
    query find{db, statement::interactions_of_deleted_users};
    find.bind(static_cast<std::int64_t>(limit));
    std::vector<std::int64_t> keys;
    for (;;) {
        auto const row = find.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return keys;
        keys.push_back(find.number(0));
    }
}

/// The messages go first: those that a trigger deletes with their interaction leave their ids in
/// usage_entries, and nothing shall be left.
result<void> purge_interaction(connection& db, std::int64_t key) {
    {
        query write{db, statement::delete_messages};
        auto const done = write.bind(message_key(key, 0)).bind(message_key(key, seq_span - 1)).run();
        if (!done) return done;
    }
    query write{db, statement::delete_interaction};
    return write.bind(key).run();
}

result<void> run_plain(connection& db, statement which) {
    query write{db, which};
    return write.run();
}

}  // namespace

// Keys and names go with the user's row.
result<void> delete_user::run(connection& db) const {
    auto const found = find_user(db, user_id);
    if (!found) return std::unexpected(found.error());
    if (!*found) return user_not_found();
    {
        query mark{db, statement::mark_deleted_user};
        if (auto const done = mark.bind(user_id).bind(now).run(); !done) return done;
    }
    query write{db, statement::delete_user};
    return write.bind(user_id).run();
}

result<std::size_t> purge_users::run(connection& db) const {
    auto const keys = interactions_of_deleted_users(db, limit);
    if (!keys) return std::unexpected(keys.error());
    for (auto const key : *keys) {
        if (auto const done = purge_interaction(db, key); !done) return std::unexpected(done.error());
    }
    auto done = run_plain(db, statement::delete_usage_of_deleted_users);
    if (done) done = run_plain(db, statement::delete_requests_of_deleted_users);
    if (done) {
        query write{db, statement::forget_deleted_users};
        done = write.bind(forget).run();
    }
    if (!done) return std::unexpected(done.error());
    return keys->size();
}

}  // namespace parley::sqlite
