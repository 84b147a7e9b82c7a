#include "adapters/sqlite/branch_end.hpp"
#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/query.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/waiting_replies.hpp"
#include "services/store_errors.hpp"

#include <vector>

namespace parley::sqlite {
namespace {

/// Whether the two differ in anything that a patch may change.
bool differ(interaction const& a, interaction const& b) {
    return a.title != b.title || a.settings != b.settings || a.metadata != b.metadata ||
           a.pinned != b.pinned || a.archived != b.archived || a.expires_at != b.expires_at ||
           a.active_branch != b.active_branch;
}

result<bool> insert(connection& db, interaction const& value) {
    query write{db, statement::insert_interaction};
    write.bind(value.interaction_id)
        .bind(value.user_id)
        .bind(flags_of(value.pinned, value.archived))
        .bind(value.created_at)
        .bind(value.updated_at)
        .bind(value.last_message_at)
        .bind(value.message_count)
        .bind(value.version)
        .bind(value.active_branch)
        .bind(value.expires_at);
    if (auto const done = write.run(); !done) return std::unexpected(done.error());
    return db.changes() > 0;
}

/// Everything that a patch may change, but for the active branch.
result<void> write_change(connection& db, std::int64_t key, interaction const& after) {
    query write{db, statement::update_interaction};
    write.bind(key)
        .bind(flags_of(after.pinned, after.archived))
        .bind(after.updated_at)
        .bind(after.version)
        .bind(after.expires_at);
    if (auto const done = write.run(); !done) return done;
    return write_details(db, statement::update_details, key, after);
}

/// Errors: branch_not_found; turn_in_progress.
result<void> activate_branch(connection& db, interaction const& value, branch_id const& wanted) {
    auto const state = find_own_state(db, value.user_id, value.interaction_id);
    if (!state) return std::unexpected(state.error());
    auto end = branch_end::of(db, value.interaction_id, *state);
    if (!end) return std::unexpected(end.error());
    if (!end->tree().has(wanted)) return branch_not_found("active_branch");
    auto const busy = busy_with(db, *state);
    if (!busy) return std::unexpected(busy.error());
    if (*busy) return turn_in_progress(**busy);
    return end->go_to_branch(wanted);
}

result<void> delete_row(connection& db, std::int64_t key) {
    query write{db, statement::delete_interaction};
    return write.bind(key).run();
}

}  // namespace

result<void> create_interaction::run(connection& db) const {
    auto const inserted = insert(db, value);
    if (!inserted) return std::unexpected(inserted.error());
    if (!*inserted) return interaction_exists();
    return write_details(db, statement::insert_details, db.last_key(), value);
}

result<interaction> update_interaction::run(connection& db) const {
    auto before = find_interaction(db, user_id, interaction_id);
    if (!before) return std::unexpected(before.error());
    if (if_version && *if_version != before->value.version) return version_mismatch();
    auto after = apply(patch, before->value, now);
    if (!differ(before->value, after)) return std::move(before->value);
    if (after.active_branch != before->value.active_branch) {
        auto const done = activate_branch(db, before->value, after.active_branch);
        if (!done) return std::unexpected(done.error());
    }
    if (auto const done = write_change(db, before->key, after); !done) return std::unexpected(done.error());
    return after;
}

result<std::optional<interaction>> suggest_title::run(connection& db) const {
    auto before = find_interaction(db, user_id, interaction_id);
    if (!before) return std::unexpected(before.error());
    if (!before->value.title.empty()) return std::optional<interaction>{};
    auto after = apply({.title = title}, std::move(before->value), now);
    if (auto const done = write_change(db, before->key, after); !done) return std::unexpected(done.error());
    return std::optional{std::move(after)};
}

result<void> delete_interaction::run(connection& db) const {
    auto const state = find_own_state(db, user_id, interaction_id);
    if (!state) return std::unexpected(state.error());
    if (if_version && *if_version != state->version) return version_mismatch();
    return delete_row(db, state->key);
}

result<std::size_t> delete_expired::run(connection& db) const {
    std::vector<std::int64_t> keys;
    {
        query find{db, statement::expired_interactions};
        find.bind(now).bind(static_cast<std::int64_t>(limit));
        for (;;) {
            auto const row = find.step();
            if (!row) return std::unexpected(row.error());
            if (!*row) break;
            keys.push_back(find.number(0));
        }
    }
    for (auto const key : keys) {
        if (auto const done = delete_row(db, key); !done) return std::unexpected(done.error());
    }
    return keys.size();
}

}  // namespace parley::sqlite
