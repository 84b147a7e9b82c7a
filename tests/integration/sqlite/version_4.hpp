// What version 4 added to the tables of version 3, as the program of that time made it.
#pragma once

namespace parley::test {

inline constexpr char const* version_4 = R"sql(
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

}  // namespace parley::test
