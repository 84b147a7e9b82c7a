// The layout of the database file, its versions, and the steps from each to the next.
//
// A message's key is its interaction's number times 2^32 plus its seq: one b-tree keeps the messages of an
// interaction side by side in order, so that the last page of a conversation is one seek and a short scan,
// (interaction, seq) is unique by construction, and no second index for it has to be kept up to date at every
// append.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "common/error.hpp"

#include <cstdint>

namespace parley::sqlite {

/// "Prly", in the file's header (PRAGMA application_id): tells our files from other programs' SQLite files.
inline constexpr std::int64_t application_id = 0x50726c79;

/// What this program writes (PRAGMA user_version).
inline constexpr std::int64_t schema_version = 6;

inline constexpr std::int64_t seq_span = std::int64_t{1} << 32;

[[nodiscard]] constexpr std::int64_t message_key(std::int64_t interaction_key, std::int64_t seq) {
    return interaction_key * seq_span + seq;
}
[[nodiscard]] constexpr std::int64_t interaction_of_key(std::int64_t key) { return key / seq_span; }
[[nodiscard]] constexpr std::int64_t seq_of_key(std::int64_t key) { return key % seq_span; }

/// Whether the file is empty or ours and not too new. Errors: conflict (store_too_new, store_not_ours), those
/// of SQLite.
[[nodiscard]] result<void> check_header(connection& db);

/// Brings the file to schema_version, in one transaction per step; makes everything in an empty file.
/// Errors: conflict (store_damaged) and those of SQLite.
[[nodiscard]] result<void> migrate(connection& db);

}  // namespace parley::sqlite
