// Everything that is read, as functions of one connection. Those that need several statements run within the
// caller's transaction. Errors besides those named: as to_error.
#pragma once

#include "adapters/sqlite/interaction_row.hpp"
#include "adapters/sqlite/message_row.hpp"
#include "entities/user.hpp"
#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace parley::sqlite {

/// Errors: interaction_not_found, also when it is another user's or has expired.
[[nodiscard]] result<interaction_row> find_interaction(connection& db, user_id const& user,
                                                       interaction_id const& id);

/// The state that writes rely on, whoever owns it and expired or not; nullopt when absent.
[[nodiscard]] result<std::optional<interaction_state>> find_state(connection& db, interaction_id const& id);

/// Errors: interaction_not_found, also when it is another user's or has expired.
[[nodiscard]] result<interaction_state> find_own_state(connection& db, user_id const& user,
                                                       interaction_id const& id);

[[nodiscard]] result<page<interaction>> list_interactions(connection& db, user_id const& user,
                                                          interaction_query const& wanted);

/// To be completed by branch_rows; nullopt when absent.
[[nodiscard]] result<std::optional<message_row>> find_message(connection& db, message_id const& id);

/// Errors: interaction_not_found, message_not_found.
[[nodiscard]] result<message> get_message(connection& db, user_id const& user,
                                          interaction_id const& interaction, message_id const& id);

/// Of an interaction whose state is known already. Errors: message_not_found.
[[nodiscard]] result<message> message_in(connection& db, interaction_state const& in,
                                         interaction_id const& interaction, message_id const& id);

/// Errors: interaction_not_found, message_not_found.
[[nodiscard]] result<message> get_sibling(connection& db, user_id const& user,
                                          interaction_id const& interaction, message_id const& id,
                                          std::int64_t index);

/// Errors: interaction_not_found, branch_not_found.
[[nodiscard]] result<message_page> page_of_branch(connection& db, user_id const& user,
                                                  interaction_id const& id, message_query const& wanted);

[[nodiscard]] result<std::vector<waiting_interaction>> waiting_interactions(connection& db,
                                                                            std::size_t limit);
[[nodiscard]] result<std::vector<active_turn>> active_turns(connection& db, std::size_t limit);

/// Of statements whose columns are those of find_user.
[[nodiscard]] user read_user(query const& row);
[[nodiscard]] bool is_local_user(query const& row);

/// nullopt when absent.
[[nodiscard]] result<std::optional<user>> find_user(connection& db, user_id const& id);
[[nodiscard]] result<std::optional<user>> find_local_user(connection& db);
[[nodiscard]] result<std::optional<user>> find_external_user(connection& db, external_identity const& name);

[[nodiscard]] result<page<user>> list_users(connection& db, page_query<user_id> const& wanted);

/// In order.
[[nodiscard]] result<std::vector<external_identity>> names_of_user(connection& db, user_id const& id);

/// nullopt when absent.
[[nodiscard]] result<std::optional<held_key>> find_key(connection& db, sha256_digest const& hash);

/// Newest first; none also when there is no such user.
[[nodiscard]] result<std::vector<api_key>> keys_of_user(connection& db, user_id const& id);

}  // namespace parley::sqlite
