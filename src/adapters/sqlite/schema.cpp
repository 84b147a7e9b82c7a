#include "adapters/sqlite/schema.hpp"

#include <array>
#include <string>

namespace parley::sqlite {
namespace {

// Ids are 16-byte blobs, times milliseconds since 1970, enumerations the order of their C++ declaration, JSON
// compact.
//
// interactions: small rows that change with every message. flags: 1 pinned, 2 archived. The two indexes serve
// the two orders of the list for each value of flags, so that a filter never reads what it leaves out.
// active_branch null: the root branch is shown. turn_*: the reply being written, if turn_reply_id is set.
//
// interaction_details: what only PATCH changes, kept apart because a prompt may be long.
//
// write_probe: one row, written when nobody knows whether writing works; as large as a long message, because
// a little room is no proof.
//
// branches: forks only; a message with branch_key null belongs to the root branch, whose id is in
// interactions.
//
// messages: message_key: see schema.hpp. content_kind: 0 text, 1 JSON list of parts. lease_epoch: the claim
// under which a reply was written, null once another process has ended it. usage and timings are columns;
// wide text comes last, because a row is read from its left.
constexpr char const* version_1 = R"sql(
CREATE TABLE users (
    user_id BLOB NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    is_local INTEGER UNIQUE CHECK (is_local = 1),
    name TEXT NOT NULL,
    extra TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE interactions (
    interaction_key INTEGER PRIMARY KEY CHECK (interaction_key BETWEEN 1 AND 2147483646),
    interaction_id BLOB NOT NULL UNIQUE,
    user_id BLOB NOT NULL,
    flags INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    last_message_at INTEGER NOT NULL,
    message_count INTEGER NOT NULL,
    last_seq INTEGER NOT NULL CHECK (last_seq BETWEEN 0 AND 4294967295),
    version INTEGER NOT NULL,
    root_branch BLOB NOT NULL,
    active_branch INTEGER,
    head_id BLOB,
    turn_reply_id BLOB,
    turn_owner BLOB,
    turn_epoch INTEGER NOT NULL DEFAULT 0,
    turn_progress INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX interactions_by_last_message ON interactions (user_id, flags, last_message_at, interaction_id);
CREATE INDEX interactions_by_creation ON interactions (user_id, flags, created_at, interaction_id);
CREATE INDEX interactions_in_turn ON interactions (turn_reply_id) WHERE turn_reply_id IS NOT NULL;

CREATE TABLE interaction_details (
    interaction_key INTEGER PRIMARY KEY REFERENCES interactions ON DELETE CASCADE,
    title TEXT NOT NULL,
    metadata TEXT,
    model_name TEXT,
    prompt_role INTEGER NOT NULL,
    temperature REAL,
    top_p REAL,
    max_output_tokens INTEGER,
    seed INTEGER,
    stop TEXT,
    prompt TEXT
) STRICT;

CREATE TABLE write_probe (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    filler BLOB NOT NULL
) STRICT;

CREATE TABLE branches (
    branch_key INTEGER PRIMARY KEY,
    interaction_key INTEGER NOT NULL REFERENCES interactions ON DELETE CASCADE,
    branch_id BLOB NOT NULL,
    parent_key INTEGER REFERENCES branches ON DELETE CASCADE,
    fork_seq INTEGER NOT NULL,
    UNIQUE (interaction_key, branch_id)
) STRICT;
CREATE INDEX branches_by_parent ON branches (parent_key) WHERE parent_key IS NOT NULL;

CREATE TABLE messages (
    message_key INTEGER PRIMARY KEY,
    message_id BLOB NOT NULL UNIQUE,
    parent_id BLOB,
    branch_key INTEGER REFERENCES branches ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    role INTEGER NOT NULL,
    status INTEGER NOT NULL,
    content_kind INTEGER NOT NULL,
    finish_reason INTEGER,
    input_tokens INTEGER,
    cached_tokens INTEGER,
    output_tokens INTEGER,
    usage_estimated INTEGER,
    queued_ms INTEGER,
    first_token_ms INTEGER,
    duration_ms INTEGER,
    lease_epoch INTEGER,
    model_name TEXT,
    error_code TEXT,
    error_message TEXT,
    metadata TEXT,
    transformed_content TEXT,
    content TEXT NOT NULL
) STRICT;
CREATE INDEX messages_by_fork ON messages (branch_key) WHERE branch_key IS NOT NULL;

CREATE TRIGGER interaction_deleted BEFORE DELETE ON interactions BEGIN
    DELETE FROM messages
    WHERE message_key BETWEEN (old.interaction_key << 32) AND (old.interaction_key << 32) + 4294967295;
END;
)sql";

// expires_at: null for most, whom the index leaves out. It stands in no index of a list: what has expired and
// is not deleted yet is little.
constexpr char const* version_2 = R"sql(
ALTER TABLE interactions ADD COLUMN expires_at INTEGER;
CREATE INDEX interactions_by_expiry ON interactions (expires_at) WHERE expires_at IS NOT NULL;
)sql";

// Branches, replies that wait, and requests that are remembered.
//
// head_seq: the seq of the last message of a branch: interactions.head_seq (as head_id) of the active one,
// and, saved when another one becomes active, root_head_seq of the root and branches.head_seq of a fork; a
// path ends there, so that its ranges hold few messages of others. fork_count and waiting (replies that wait)
// say without a further query that there are none.
//
// messages.parent_seq null: seq - 1. A status is 1 while a reply waits.
//
// interaction_details.mask: bit n is the n-th value of the enumeration.
constexpr char const* version_3 = R"sql(
ALTER TABLE interaction_details ADD COLUMN on_busy INTEGER NOT NULL DEFAULT 0;
ALTER TABLE interaction_details ADD COLUMN mask INTEGER NOT NULL DEFAULT 0;
ALTER TABLE interaction_details ADD COLUMN content_template TEXT;

ALTER TABLE interactions ADD COLUMN head_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE interactions ADD COLUMN root_head_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE interactions ADD COLUMN fork_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE interactions ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
UPDATE interactions SET head_seq = last_seq;
CREATE INDEX interactions_waiting ON interactions (waiting) WHERE waiting > 0 AND turn_reply_id IS NULL;

ALTER TABLE branches ADD COLUMN head_seq INTEGER NOT NULL DEFAULT 0;
CREATE INDEX branches_in_order ON branches (interaction_key, branch_key, branch_id, parent_key, fork_seq, head_seq);

ALTER TABLE messages ADD COLUMN parent_seq INTEGER;
CREATE INDEX messages_waiting ON messages (status) WHERE status = 1;

CREATE TABLE requests (
    user_id BLOB NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    interaction_id BLOB NOT NULL,
    first_id BLOB NOT NULL,
    second_id BLOB NOT NULL,
    branch_id BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX requests_by_interaction ON requests (interaction_id);
CREATE INDEX requests_by_time ON requests (at);

CREATE TRIGGER interaction_forgotten BEFORE DELETE ON interactions BEGIN
    DELETE FROM requests WHERE interaction_id = old.interaction_id;
END;
)sql";

// Tools, reasoning, attempts and cost, and sums of what was used.
//
// messages.extra: JSON of what most messages lack (see extra_json.hpp); the same of settings in
// interaction_details.tools.
//
// usage: what was used on a day (of UTC, from 1970 on) by a model, replies included; finish_turn writes it
// with the reply's end. What there is already is summed up here. A sum beyond 64 bits stays at their end.
//
// usage_entries: ids under which something was counted and of which no message tells: entries without a
// reply, and replies that were deleted.
constexpr char const* version_4 = R"sql(
ALTER TABLE messages ADD COLUMN extra TEXT;
ALTER TABLE interaction_details ADD COLUMN tools TEXT;

CREATE TABLE usage (
    user_id BLOB NOT NULL,
    day INTEGER NOT NULL,
    model_name TEXT NOT NULL,
    generations INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    estimated INTEGER NOT NULL,
    PRIMARY KEY (user_id, day, model_name)
) STRICT, WITHOUT ROWID;
INSERT INTO usage
SELECT i.user_id,
    (m.created_at - ((m.created_at % 86400000) + 86400000) % 86400000) / 86400000,
    coalesce(m.model_name, ''),
    count(*),
    sum(m.input_tokens),
    sum(coalesce(m.cached_tokens, 0)),
    sum(coalesce(m.output_tokens, 0)),
    0,
    sum(coalesce(m.usage_estimated, 0))
FROM messages m JOIN interactions i ON i.interaction_key = m.message_key >> 32
WHERE m.input_tokens IS NOT NULL
GROUP BY 1, 2, 3;

CREATE TABLE usage_entries (id BLOB NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

DROP TRIGGER interaction_deleted;
CREATE TRIGGER interaction_deleted BEFORE DELETE ON interactions BEGIN
    INSERT OR IGNORE INTO usage_entries
    SELECT message_id FROM messages
    WHERE message_key BETWEEN (old.interaction_key << 32) AND (old.interaction_key << 32) + 4294967295
        AND input_tokens IS NOT NULL;
    DELETE FROM messages
    WHERE message_key BETWEEN (old.interaction_key << 32) AND (old.interaction_key << 32) + 4294967295;
END;
)sql";

// Users and keys.
//
// limits: JSON (see limits_json.hpp). The local user of before may do everything, and so is an administrator.
//
// api_keys.hash: of the key's text, which is how it is found. scopes: 1 read, 2 write, 4 admin.
//
// external_names: under what name (an issuer's, a proxy's) others know a user.
//
// deleted_users: what belongs to them goes bit by bit. Their keys and names went with them at once.
constexpr char const* version_5 = R"sql(
ALTER TABLE users ADD COLUMN is_admin INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN limits TEXT;
UPDATE users SET is_admin = 1 WHERE is_local = 1;

CREATE TABLE api_keys (
    key_id BLOB NOT NULL PRIMARY KEY,
    user_id BLOB NOT NULL REFERENCES users ON DELETE CASCADE,
    hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    scopes INTEGER NOT NULL,
    name TEXT NOT NULL,
    hint TEXT NOT NULL,
    limits TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX api_keys_by_user ON api_keys (user_id);

CREATE TABLE external_names (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BLOB NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX external_names_by_user ON external_names (user_id);

CREATE TABLE deleted_users (
    user_id BLOB NOT NULL PRIMARY KEY,
    deleted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// requests.asked_again: by a copy with ids of its own, which may be carrying the request out.
constexpr char const* version_6 = R"sql(
ALTER TABLE requests ADD COLUMN asked_again INTEGER NOT NULL DEFAULT 0;
)sql";

/// Step i leads from version i to i + 1.
constexpr std::array<char const*, schema_version> steps{version_1, version_2, version_3,
                                                        version_4, version_5, version_6};

result<void> set_header(connection& db, std::int64_t version) {
    return db.execute("PRAGMA application_id = " + std::to_string(application_id) +
                      "; PRAGMA user_version = " + std::to_string(version));
}

result<void> run_step(connection& db, std::int64_t from) {
    if (auto ok = db.execute("BEGIN IMMEDIATE"); !ok) return ok;
    auto done = db.execute(steps[static_cast<std::size_t>(from)]);
    if (done) done = set_header(db, from + 1);
    if (done) done = db.execute("COMMIT");
    if (!done && db.in_transaction()) static_cast<void>(db.execute("ROLLBACK"));
    return done;
}

/// SQL that does not fit the tables says that the file was changed by hand.
std::unexpected<error> explain(error problem) {
    if (problem.kind != error_kind::internal) return std::unexpected(std::move(problem));
    return fail(
        error_kind::conflict, "store_damaged",
        "Its tables are not as Parley made them. Restore the file from a backup, or choose another data "
        "folder (store.path).",
        {}, std::move(problem.detail));
}

/// Every statement of the program must fit the tables: finds files that were changed by hand.
result<void> check_statements(connection& db) {
    for (std::size_t i = 0; i < statement_count; ++i) {
        auto const prepared = db.prepared(static_cast<statement>(i));
        if (!prepared) return explain(prepared.error());
    }
    return {};
}

}  // namespace

result<void> check_header(connection& db) {
    auto const id = db.number("PRAGMA application_id");
    if (!id) return std::unexpected(id.error());
    auto const version = db.number("PRAGMA user_version");
    if (!version) return std::unexpected(version.error());
    auto const tables = db.number("SELECT count(*) FROM sqlite_schema");
    if (!tables) return std::unexpected(tables.error());
    bool const empty = *id == 0 && *version == 0 && *tables == 0;
    if (!empty && *id != application_id) {
        return fail(error_kind::conflict, "store_not_ours",
                    "It belongs to another program. Choose another data folder (store.path).");
    }
    if (*version > schema_version) {
        return fail(error_kind::conflict, "store_too_new",
                    "It was made by a newer Parley, version " + std::to_string(*version) +
                        "; this one knows " + std::to_string(schema_version) +
                        ". Run the newer Parley, or choose another data folder (store.path).");
    }
    return {};
}

result<void> migrate(connection& db) {
    auto const version = db.number("PRAGMA user_version");
    if (!version) return std::unexpected(version.error());
    for (auto at = *version; at < schema_version; ++at) {
        if (auto ok = run_step(db, at); !ok) return explain(std::move(ok.error()));
    }
    return check_statements(db);
}

}  // namespace parley::sqlite
