// Rows of interactions and their details, to and from the entity.
#pragma once

#include "adapters/sqlite/query.hpp"
#include "entities/interaction.hpp"

#include <cstdint>
#include <optional>

namespace parley::sqlite {

struct interaction_row {
    std::int64_t key = 0;
    std::optional<std::int64_t> active_fork;  // branches.branch_key; absent: the root branch is active
    branch_id root_branch;
    interaction value;  // active_branch is the root's until resolved
};

/// Of find_interaction and interaction_by_key.
[[nodiscard]] interaction_row read_interaction(query const& row);

/// What of an interaction every new message changes; of find_state.
struct interaction_state {
    std::int64_t key = 0;
    parley::user_id user_id;
    timestamp updated_at;
    timestamp last_message_at;
    std::int64_t message_count = 0;
    std::int64_t last_seq = 0;
    std::int64_t version = 0;
    branch_id root_branch;
    std::optional<std::int64_t> active_fork;
    std::optional<message_id> head;   // the last message of the active branch
    std::optional<message_id> reply;  // being written
    process_id turn_owner;
    std::int64_t turn_epoch = 0;
    std::int64_t turn_progress = 0;
    std::int64_t head_seq = 0;       // of head; 0 without one
    std::int64_t root_head_seq = 0;  // of the root branch's last message, while another branch is active
    std::int64_t fork_count = 0;
    std::int64_t waiting = 0;  // replies that wait
    std::optional<timestamp> expires_at;
};

[[nodiscard]] interaction_state read_state(query const& row);

/// interactions.flags.
[[nodiscard]] std::int64_t flags_of(bool pinned, bool archived);

/// Runs insert_details or update_details.
[[nodiscard]] result<void> write_details(connection& db, statement which, std::int64_t key,
                                         interaction const& value);

}  // namespace parley::sqlite
