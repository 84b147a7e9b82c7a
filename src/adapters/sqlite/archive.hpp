// Whole conversations and users of the database, read and put as store_archive has it, as functions of one
// connection; those that write run within the caller's transaction. Errors: as to_error.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "services/store_archive.hpp"

#include <vector>

namespace parley::sqlite {

[[nodiscard]] result<std::vector<user_record>> users_after(connection& db, user_id const& last);
[[nodiscard]] result<std::vector<conversation_part>> conversations_after(connection& db,
                                                                         archive_position const& last);
[[nodiscard]] result<archive_counts> count_all(connection& db);

[[nodiscard]] result<void> put_user(connection& db, user_record const& value);
[[nodiscard]] result<void> put_part(connection& db, conversation_part const& part);
[[nodiscard]] result<void> remove_user(connection& db, user_id const& id);
[[nodiscard]] result<void> remove_conversation(connection& db, interaction_id const& id);

}  // namespace parley::sqlite
