// Rows of messages, to and from the entity.
#pragma once

#include "adapters/sqlite/query.hpp"
#include "entities/message.hpp"

#include <cstdint>
#include <optional>

namespace parley::sqlite {

struct message_row {
    std::int64_t key = 0;
    std::optional<std::int64_t> fork;         // branches.branch_key; absent: the root branch
    std::optional<std::int64_t> lease_epoch;  // of a reply
    message value;                            // interaction_id, branch_id and sibling: see branch_rows
};

[[nodiscard]] message_row read_message(query const& row);

/// All but the status, figures and error of a reply's end. False when the message's id is taken; nothing is
/// written then. Errors: as to_error.
[[nodiscard]] result<bool> insert_message(connection& db, message_row const& row);

/// How a reply ended: status, content, figures, lease_epoch, error, tool calls and the like. Errors: as
/// to_error.
[[nodiscard]] result<void> write_outcome(connection& db, message_row const& row);

}  // namespace parley::sqlite
