#include "adapters/mongo/branch_path.hpp"

#include "services/store_errors.hpp"

#include <algorithm>

namespace parley::mongo {

result<std::vector<branch_run>> path_of_branch(interaction_state const& in,
                                               std::optional<branch_id> const& wanted) {
    auto at = wanted.value_or(in.value.active_branch);
    if (!in.has_branch(at)) return branch_not_found();
    std::vector<branch_run> path;
    auto last_seq = in.last_visible();
    // No path is longer than all forks and the root.
    for (std::size_t steps = 0; at != in.root && steps <= in.forks.size(); ++steps) {
        auto const found = std::ranges::find(in.forks, at, &fork::id);
        if (found == in.forks.end()) return internal_error("a branch names a parent that is not there");
        path.push_back({at, found->seq + 1, last_seq});
        last_seq = std::min(last_seq, found->seq);
        at = found->parent;
    }
    path.push_back({in.root, 1, last_seq});
    std::ranges::reverse(path);
    return path;
}

}  // namespace parley::mongo
