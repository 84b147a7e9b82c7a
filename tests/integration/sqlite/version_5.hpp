// What version 5 added to the tables of version 4, as the program of that time made it.
#pragma once

namespace parley::test {

inline constexpr char const* version_5 = R"sql(
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

}  // namespace parley::test
