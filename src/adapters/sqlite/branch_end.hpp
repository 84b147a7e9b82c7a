// Putting messages behind the last one of an interaction's active branch.
#pragma once

#include "adapters/sqlite/interaction_row.hpp"
#include "adapters/sqlite/message_row.hpp"

#include <cstdint>

namespace parley::sqlite {

class branch_end {
public:
    /// Errors: as to_error, internal when the interaction's numbers are used up.
    [[nodiscard]] static result<branch_end> of(connection& db, interaction_id const& id,
                                               interaction_state const& state);

    /// `row` comes with message_id, role, content and whatever else is its own; it gets its place, is stored
    /// and becomes the branch's last. False, and nothing stored, when its id is taken.
    [[nodiscard]] result<bool> append(message_row& row);

    /// Stores the interaction's counters; `now` as the time of the change and of its last message.
    [[nodiscard]] result<void> save(timestamp now);

private:
    branch_end(connection& db, interaction_id const& id, branch_id branch, interaction_state state)
        : db_(&db),
          id_(id),
          branch_(branch),
          state_(state) {}

    connection* db_;
    interaction_id id_;
    branch_id branch_;
    interaction_state state_;
};

}  // namespace parley::sqlite
