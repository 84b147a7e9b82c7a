// The tables of version 1, as the program of that time made them.
#pragma once

namespace parley::test {

inline constexpr char const* version_1 = R"sql(
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

}  // namespace parley::test
