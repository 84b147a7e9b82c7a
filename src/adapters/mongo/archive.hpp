// Whole conversations and users of the database, read and put as store_archive has it. All may be repeated.
// Errors: those of session.
#pragma once

#include "adapters/mongo/session.hpp"
#include "services/store_archive.hpp"

#include <span>
#include <vector>

namespace parley::mongo {

[[nodiscard]] result<std::vector<user_record>> users_after(session& db, user_id const& last);
[[nodiscard]] result<std::vector<conversation_part>> conversations_after(session& db,
                                                                         archive_position const& last);
[[nodiscard]] result<std::vector<usage_record>> usage_after(session& db,
                                                            std::optional<usage_key> const& last);
[[nodiscard]] result<archive_counts> count_all(session& db);
/// Whether there is anything that a server has stored.
[[nodiscard]] result<bool> is_empty(session& db);

[[nodiscard]] result<void> put_users(session& db, std::span<user_record const> values);
[[nodiscard]] result<void> put_conversations(session& db, std::span<conversation_part const> parts);
/// In order of key. Beside what the messages tell that are there, `usage` gets what is missing.
[[nodiscard]] result<void> put_usage(session& db, std::span<usage_record const> values);
[[nodiscard]] result<void> remove_users(session& db, std::span<user_id const> ids);
[[nodiscard]] result<void> remove_conversations(session& db, std::span<interaction_id const> ids);

}  // namespace parley::mongo
