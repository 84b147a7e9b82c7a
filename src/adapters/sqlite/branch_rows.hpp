// The branches of one interaction as they stand in the file: the tree, the keys and ends of its branches, and
// what the row of a message leaves to its branch. Thread safety: none. Ownership: a value.
#pragma once

#include "adapters/sqlite/interaction_row.hpp"
#include "adapters/sqlite/message_row.hpp"
#include "entities/branches.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace parley::sqlite {

class branch_rows {
public:
    /// Takes no statement while nothing was forked. Errors: as to_error.
    [[nodiscard]] static result<branch_rows> of(connection& db, interaction_id const& id,
                                                interaction_state const& state);

    /// The active branch alone: all that a message needs which goes behind its last one, since nothing was
    /// forked there. Errors: as to_error.
    [[nodiscard]] static result<branch_rows> of_active(connection& db, interaction_id const& id,
                                                       interaction_state const& state);

    [[nodiscard]] branch_tree const& tree() const { return tree_; }

    /// branches.branch_key; absent: the root.
    [[nodiscard]] std::optional<std::int64_t> key_of(branch_id const& branch) const;
    /// The reverse. Nil when there is no such branch, which only a damaged file can ask for.
    [[nodiscard]] branch_id id_of(std::optional<std::int64_t> const& key) const;

    /// The seq of a branch's last message.
    [[nodiscard]] std::int64_t head_seq_of(branch_id const& branch) const;

    /// A branch that was made.
    void add(std::int64_t key, fork const& made);

    /// The message with all its fields.
    [[nodiscard]] message complete(message_row row) const;

private:
    struct row {
        std::int64_t key = 0;
        std::int64_t head_seq = 0;
    };

    branch_rows(interaction_id const& id, interaction_state const& state);
    [[nodiscard]] result<void> read(query& rows, interaction_state const& state);

    interaction_id id_;
    std::int64_t root_head_seq_ = 0;
    branch_tree tree_;
    std::vector<row> rows_;  // of tree_.forks, in the same order, which is that of the keys
};

/// The id of one branch. Errors: internal when there is no such row.
[[nodiscard]] result<branch_id> id_of_branch(connection& db, std::int64_t key);

}  // namespace parley::sqlite
