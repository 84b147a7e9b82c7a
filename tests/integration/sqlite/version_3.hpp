// What version 3 added to the tables of version 2, as the program of that time made it.
#pragma once

namespace parley::test {

inline constexpr char const* version_3 = R"sql(
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

}  // namespace parley::test
