#include "adapters/sqlite/archive.hpp"
#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/schema.hpp"

#include <iterator>
#include <map>

namespace parley::sqlite {
namespace {

/// Keys of an interaction's forks; the root has none.
using branch_keys = std::map<branch_id, std::int64_t>;

std::optional<std::int64_t> key_of(branch_keys const& keys, branch_id const& id) {
    auto const found = keys.find(id);
    return found == keys.end() ? std::nullopt : std::optional{found->second};
}

result<branch_keys> keys_of_forks(connection& db, std::int64_t interaction_key) {
    branch_keys out;
    query list{db, statement::branches_of_interaction};
    list.bind(interaction_key);
    for (;;) {
        auto const row = list.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.emplace(list.id_at<branch_id>(1), list.number(0));
    }
}

/// The interaction's key, and whether its row is new.
result<std::pair<std::int64_t, bool>> put_row(connection& db, interaction_record const& record) {
    auto const& value = record.value;
    query write{db, statement::insert_interaction};
    auto const flags = flags_of(value.pinned, value.archived);
    write.bind(value.interaction_id)
        .bind(value.user_id)
        .bind(flags)
        .bind(value.created_at)
        .bind(value.updated_at)
        .bind(value.last_message_at)
        .bind(value.message_count)
        .bind(value.version)
        .bind(record.root_branch)
        .bind(value.expires_at);
    if (auto const done = write.run(); !done) return std::unexpected(done.error());
    if (db.changes() > 0) return std::pair{db.last_key(), true};
    auto const there = find_state(db, value.interaction_id);
    if (!there) return std::unexpected(there.error());
    if (!*there) return internal_error("an interaction that is there was not found");
    return std::pair{(*there)->key, false};
}

std::int64_t seq_of(std::optional<head_record> const& head) { return head ? head->seq : 0; }

result<branch_keys> put_forks(connection& db, std::int64_t key, interaction_record const& record) {
    branch_keys keys;
    for (auto const& fork : record.forks) {
        auto const parent = key_of(keys, fork.parent);
        query write{db, statement::insert_branch};
        auto done = write.bind(key).bind(fork.branch).bind(parent).bind(fork.fork_seq).run();
        if (!done) return std::unexpected(done.error());
        auto const branch_key = db.last_key();
        query leave{db, statement::leave_branch};
        done = leave.bind(branch_key).bind(seq_of(fork.head)).run();
        if (!done) return std::unexpected(done.error());
        keys.emplace(fork.branch, branch_key);
    }
    return keys;
}

result<void> put_new(connection& db, std::int64_t key, interaction_record const& record) {
    auto done = write_details(db, statement::insert_details, key, record.value);
    if (!done) return done;
    auto const keys = put_forks(db, key, record);
    if (!keys) return std::unexpected(keys.error());
    auto const active = key_of(*keys, record.value.active_branch);
    auto const head = active_head(record);
    auto const head_id = head ? std::optional{head->message} : std::nullopt;
    query restore{db, statement::restore_state};
    return restore.bind(key)
        .bind(record.last_seq)
        .bind(record.epoch)
        .bind(active)
        .bind(head_id)
        .bind(seq_of(head))
        .bind(seq_of(record.root_head))
        .bind(std::ssize(record.forks))
        .bind(std::ssize(record.waiting))
        .run();
}

bool has_outcome(message const& value) {
    return value.finish_reason || value.usage || value.timings || value.error;
}

}  // namespace

result<void> put_user(connection& db, user_record const& value) {
    auto const inserted = insert_user(db, value.value, value.is_local);
    if (!inserted) return std::unexpected(inserted.error());
    for (auto const& name : value.names) {
        if (auto done = insert_external_name(db, name, value.value.user_id); !done) return done;
    }
    for (auto const& key : value.keys) {
        if (auto const done = insert_key(db, key); !done) return std::unexpected(done.error());
    }
    return {};
}

result<void> put_part(connection& db, conversation_part const& part) {
    auto const placed = put_row(db, part.interaction);
    if (!placed) return std::unexpected(placed.error());
    auto const [key, fresh] = *placed;
    if (fresh) {
        if (auto done = put_new(db, key, part.interaction); !done) return done;
    }
    auto const keys = keys_of_forks(db, key);
    if (!keys) return std::unexpected(keys.error());
    for (auto const& one : part.messages) {
        message_row const row{message_key(key, one.seq), key_of(*keys, one.branch_id), std::nullopt, one};
        auto const inserted = insert_message(db, row);
        if (!inserted) return std::unexpected(inserted.error());
        if (!*inserted || !has_outcome(one)) continue;
        if (auto done = write_outcome(db, row); !done) return done;
    }
    return {};
}

// Keys and names go with the user's row.
result<void> remove_user(connection& db, user_id const& id) {
    for (auto const which : {statement::delete_usage_of_user, statement::delete_user}) {
        query write{db, which};
        if (auto const done = write.bind(id).run(); !done) return done;
    }
    return {};
}

result<void> remove_conversation(connection& db, interaction_id const& id) {
    auto const state = find_state(db, id);
    if (!state) return std::unexpected(state.error());
    if (!*state) return {};
    query write{db, statement::delete_interaction};
    return write.bind((*state)->key).run();
}

}  // namespace parley::sqlite
