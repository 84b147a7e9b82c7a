// What version 2 added to the tables of version 1, as the program of that time made it.
#pragma once

namespace parley::test {

inline constexpr char const* version_2 = R"sql(
ALTER TABLE interactions ADD COLUMN expires_at INTEGER;
CREATE INDEX interactions_by_expiry ON interactions (expires_at) WHERE expires_at IS NOT NULL;
)sql";

}  // namespace parley::test
