// A branch's path: the runs of messages that lead from the root of the interaction to the branch's end.
#pragma once

#include "adapters/sqlite/interaction_row.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace parley::sqlite {

/// Messages of one branch with first_seq <= seq <= last_seq.
struct branch_run {
    std::optional<std::int64_t> fork;  // branches.branch_key; absent: the root branch
    branch_id id;
    std::int64_t first_seq = 1;
    std::int64_t last_seq = 0;
};

/// Runs in ascending order of seq. `wanted` absent: the active branch. Errors: branch_not_found.
[[nodiscard]] result<std::vector<branch_run>> path_of_branch(connection& db,
                                                             interaction_state const& interaction,
                                                             std::optional<branch_id> const& wanted);

/// The id of one branch. `fork` absent: the root. Errors: internal when there is no such row.
[[nodiscard]] result<branch_id> id_of_branch(connection& db, branch_id const& root,
                                             std::optional<std::int64_t> const& fork);

}  // namespace parley::sqlite
