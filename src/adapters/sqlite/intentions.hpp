// What can be written, one type per intention of the ports. run() checks by reading first and writes only
// when nothing can be wrong any more but the disk; it may be run again after the transaction around it was
// rolled back. Errors of run(): those of the port's function, and as to_error.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "entities/user.hpp"
#include "services/conversation_store.hpp"

#include <optional>
#include <string>

namespace parley::sqlite {

struct create_interaction {
    using value_type = void;
    interaction value;
    [[nodiscard]] result<void> run(connection& db) const;
};

struct update_interaction {
    using value_type = interaction;
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    interaction_patch patch;
    std::optional<std::int64_t> if_version;
    timestamp now;
    [[nodiscard]] result<interaction> run(connection& db) const;
};

struct delete_interaction {
    using value_type = void;
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    std::optional<std::int64_t> if_version;
    [[nodiscard]] result<void> run(connection& db) const;
};

struct delete_expired {
    using value_type = std::size_t;
    timestamp now;
    std::size_t limit = 0;
    [[nodiscard]] result<std::size_t> run(connection& db) const;
};

struct append_message {
    using value_type = message;
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    parley::message_id message_id;
    message_draft draft;
    timestamp now;
    [[nodiscard]] result<message> run(connection& db) const;
};

struct begin_turn {
    using value_type = turn_start;
    turn_draft draft;
    [[nodiscard]] result<turn_start> run(connection& db) const;
};

struct checkpoint {
    using value_type = void;
    turn_lease lease;
    std::string content;
    [[nodiscard]] result<void> run(connection& db) const;
};

struct finish_turn {
    using value_type = message;
    turn_lease lease;
    turn_outcome outcome;
    [[nodiscard]] result<message> run(connection& db) const;
};

struct expire_turn {
    using value_type = std::optional<message>;
    active_turn seen;
    timestamp now;
    [[nodiscard]] result<std::optional<message>> run(connection& db) const;
};

/// The local user as it is, or a new one.
struct make_local_user {
    using value_type = user;
    user fresh;
    [[nodiscard]] result<user> run(connection& db) const;
};

/// False when there is one with this id.
[[nodiscard]] result<bool> insert_user(connection& db, user const& value, bool is_local);

struct update_user {
    using value_type = user;
    parley::user_id user_id;
    user_patch patch;
    [[nodiscard]] result<user> run(connection& db) const;
};

/// Shows that the writer works, and if `write` that the disk takes a commit.
struct probe {
    using value_type = void;
    bool write = false;
    [[nodiscard]] result<void> run(connection& db) const;
};

}  // namespace parley::sqlite
