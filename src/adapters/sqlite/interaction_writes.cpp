#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/query.hpp"
#include "adapters/sqlite/reads.hpp"
#include "services/store_errors.hpp"

namespace parley::sqlite {
namespace {

/// Whether the two differ in anything that a patch may change.
bool differ(interaction const& a, interaction const& b) {
    return a.title != b.title || a.settings != b.settings || a.metadata != b.metadata ||
           a.pinned != b.pinned || a.archived != b.archived;
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
        .bind(value.active_branch);
    if (auto const done = write.run(); !done) return std::unexpected(done.error());
    return db.changes() > 0;
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

    query write{db, statement::update_interaction};
    write.bind(before->key)
        .bind(flags_of(after.pinned, after.archived))
        .bind(after.updated_at)
        .bind(after.version);
    if (auto const done = write.run(); !done) return std::unexpected(done.error());
    if (auto const done = write_details(db, statement::update_details, before->key, after); !done) {
        return std::unexpected(done.error());
    }
    return after;
}

result<void> delete_interaction::run(connection& db) const {
    auto const state = find_own_state(db, user_id, interaction_id);
    if (!state) return std::unexpected(state.error());
    if (if_version && *if_version != state->version) return version_mismatch();
    query write{db, statement::delete_interaction};
    return write.bind(state->key).run();
}

}  // namespace parley::sqlite
