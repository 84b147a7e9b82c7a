// Putting messages behind the last one of a branch, which becomes the interaction's active one.
#pragma once

#include "adapters/sqlite/branch_rows.hpp"
#include "services/conversation_store.hpp"

#include <cstdint>
#include <optional>

namespace parley::sqlite {

class branch_end {
public:
    /// The end of the active branch; `stays` there: nobody asks for tree() or goes anywhere. Errors: as
    /// to_error, internal when the interaction's numbers are used up.
    [[nodiscard]] static result<branch_end> of(connection& db, interaction_id const& id,
                                               interaction_state const& state, bool stays = false);

    [[nodiscard]] branch_tree const& tree() const { return branches_.tree(); }

    /// Whether a message of the interaction is the last one of its branch.
    [[nodiscard]] bool is_last(message_row const& row) const;

    // Each goes to another place before anything is appended; what is refused has written nothing.

    /// Errors: parent_not_found; too_many_branches.
    [[nodiscard]] result<void> go_to(message_place const& place, branch_id const& fork_id);
    /// Behind a message of the interaction. Errors: too_many_branches.
    [[nodiscard]] result<void> go_behind(message_row const& parent, branch_id const& fork_id);
    /// To the end of a branch of tree().
    [[nodiscard]] result<void> go_to_branch(branch_id const& branch);

    /// `row` comes with message_id, role, content and whatever else is its own; it gets its place, is stored
    /// and becomes the branch's last. False, and nothing stored, when its id is taken.
    [[nodiscard]] result<bool> append(message_row& row);

    /// Stores the interaction's counters; `now` as the time of the change and of its last message.
    [[nodiscard]] result<void> save(timestamp now);

    /// The message with all its fields.
    [[nodiscard]] message complete(message_row row) const { return branches_.complete(std::move(row)); }

private:
    branch_end(connection& db, branch_rows branches, interaction_state const& state)
        : db_(&db),
          branches_(std::move(branches)),
          state_(state) {}

    [[nodiscard]] result<void> fork_from(fork const& wanted, std::optional<message_id> const& parent);
    /// Makes a branch the active one; absent: the root. `head` is the message to go on from.
    [[nodiscard]] result<void> activate(std::optional<std::int64_t> fork_key,
                                        std::optional<message_id> const& head, std::int64_t head_seq);

    connection* db_;
    branch_rows branches_;
    interaction_state state_;
};

}  // namespace parley::sqlite
