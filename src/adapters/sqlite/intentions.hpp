// What can be written, one type per intention of the ports. run() checks by reading first and writes only
// when nothing can be wrong any more but the disk; it may be run again after the transaction around it was
// rolled back. Errors of run(): those of the port's function, and as to_error.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "entities/api_key.hpp"
#include "entities/user.hpp"
#include "services/conversation_store.hpp"
#include "services/request_store.hpp"
#include "services/usage_store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

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

struct suggest_title {
    using value_type = std::optional<interaction>;
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    std::string title;
    timestamp now;
    [[nodiscard]] result<std::optional<interaction>> run(connection& db) const;
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

struct add_message {
    using value_type = message;
    message_addition wanted;
    [[nodiscard]] result<message> run(connection& db) const;
};

struct begin_turn {
    using value_type = turn_start;
    turn_draft draft;
    [[nodiscard]] result<turn_start> run(connection& db) const;
};

struct next_turn {
    using value_type = std::optional<turn_start>;
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    process_id owner;
    timestamp now;
    [[nodiscard]] result<std::optional<turn_start>> run(connection& db) const;
};

struct withdraw_turns {
    using value_type = std::vector<message>;
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    std::optional<message_id> only;
    timestamp now;
    [[nodiscard]] result<std::vector<message>> run(connection& db) const;
};

struct checkpoint {
    using value_type = void;
    turn_lease lease;
    std::string content;
    [[nodiscard]] result<void> run(connection& db) const;
};

struct finish_turn {
    using value_type = turn_end;
    turn_lease lease;
    turn_outcome outcome;
    [[nodiscard]] result<turn_end> run(connection& db) const;
};

struct expire_turn {
    using value_type = std::optional<message>;
    active_turn seen;
    timestamp now;
    [[nodiscard]] result<std::optional<message>> run(connection& db) const;
};

struct remember_request {
    using value_type = remembered_request;
    remembered_request wanted;
    [[nodiscard]] result<remembered_request> run(connection& db) const;
};

struct forget_request {
    using value_type = void;
    remembered_request refused;
    [[nodiscard]] result<void> run(connection& db) const;
};

struct sweep_requests {
    using value_type = std::size_t;
    timestamp before;
    std::size_t limit = 0;
    [[nodiscard]] result<std::size_t> run(connection& db) const;
};

struct add_usage {
    using value_type = void;
    usage_entry entry;
    [[nodiscard]] result<void> run(connection& db) const;
};

/// The local user as it is, or a new one.
struct make_local_user {
    using value_type = user;
    user fresh;
    [[nodiscard]] result<user> run(connection& db) const;
};

/// The user of that name as it is, or a new one.
struct make_external_user {
    using value_type = user;
    external_identity name;
    user fresh;
    [[nodiscard]] result<user> run(connection& db) const;
};

struct create_user {
    using value_type = void;
    user value;
    [[nodiscard]] result<void> run(connection& db) const;
};

/// False when there is, or was, one with this id.
[[nodiscard]] result<bool> insert_user(connection& db, user const& value, bool is_local);

/// Of a name that is another user's already nothing becomes.
[[nodiscard]] result<void> insert_external_name(connection& db, external_identity const& name,
                                                user_id const& user);

struct update_user {
    using value_type = user;
    parley::user_id user_id;
    user_patch patch;
    [[nodiscard]] result<user> run(connection& db) const;
};

struct delete_user {
    using value_type = void;
    parley::user_id user_id;
    timestamp now;
    [[nodiscard]] result<void> run(connection& db) const;
};

struct purge_users {
    using value_type = std::size_t;
    std::size_t limit = 0;
    timestamp forget;
    [[nodiscard]] result<std::size_t> run(connection& db) const;
};

struct create_key {
    using value_type = void;
    api_key value;
    [[nodiscard]] result<void> run(connection& db) const;
};

/// False when its id or its hash is taken.
[[nodiscard]] result<bool> insert_key(connection& db, api_key const& value);

struct delete_key {
    using value_type = void;
    parley::user_id user_id;
    parley::key_id key_id;
    [[nodiscard]] result<void> run(connection& db) const;
};

struct use_key {
    using value_type = void;
    parley::key_id key_id;
    timestamp at;
    [[nodiscard]] result<void> run(connection& db) const;
};

/// Shows that the writer works, and if `write` that the disk takes a commit.
struct probe {
    using value_type = void;
    bool write = false;
    [[nodiscard]] result<void> run(connection& db) const;
};

}  // namespace parley::sqlite
