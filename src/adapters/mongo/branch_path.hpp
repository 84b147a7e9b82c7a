// A branch's path: the runs of messages that lead from the root of the interaction to the branch's end.
#pragma once

#include "adapters/mongo/interaction_document.hpp"
#include "common/error.hpp"

#include <optional>
#include <vector>

namespace parley::mongo {

/// Messages of one branch with first_seq <= seq <= last_seq.
struct branch_run {
    branch_id id;
    std::int64_t first_seq = 1;
    std::int64_t last_seq = 0;
};

/// Runs in ascending order of seq, up to the last visible message. `wanted` absent: the active branch.
/// Errors: branch_not_found.
[[nodiscard]] result<std::vector<branch_run>> path_of_branch(interaction_state const& in,
                                                             std::optional<branch_id> const& wanted);

}  // namespace parley::mongo
