#include "entities/branches.hpp"

#include <algorithm>

namespace parley {

fork const* branch_tree::find(branch_id const& branch) const {
    auto const found = std::ranges::find(forks, branch, &fork::branch);
    return found == forks.end() ? nullptr : &*found;
}

bool branch_tree::has(branch_id const& branch) const { return branch == root || find(branch) != nullptr; }

std::optional<std::vector<branch_run>> branch_tree::path_of(branch_id const& leaf,
                                                            std::int64_t last_seq) const {
    std::vector<branch_run> path;
    auto at = leaf;
    // No path is longer than all forks and the root.
    for (std::size_t steps = 0; at != root && steps <= forks.size(); ++steps) {
        auto const* const from = find(at);
        if (from == nullptr) return std::nullopt;
        path.push_back({at, from->fork_seq + 1, last_seq});
        last_seq = std::min(last_seq, from->fork_seq);
        at = from->parent;
    }
    if (at != root) return std::nullopt;
    path.push_back({root, 1, last_seq});
    std::ranges::reverse(path);
    return path;
}

branch_id branch_tree::parent_branch_of(message const& one) const {
    auto const* const own = one.branch_id == root ? nullptr : find(one.branch_id);
    bool const continues = own == nullptr || one.parent_seq > own->fork_seq;
    return continues ? one.branch_id : own->parent;
}

sibling_position branch_tree::sibling_of(message const& one) const {
    if (forks.empty()) return {};
    auto const parent_branch = parent_branch_of(one);
    sibling_position place;
    for (auto const& other : forks) {
        // The number first: it differs for nearly all, and a page asks this of each of its messages.
        if (other.fork_seq != one.parent_seq || other.parent != parent_branch) continue;
        if (other.branch == one.branch_id) place.index = place.count;
        ++place.count;
    }
    return place;
}

std::optional<sibling_place> branch_tree::sibling_at(message const& one, std::int64_t index) const {
    if (index < 0) return std::nullopt;
    auto const parent_branch = parent_branch_of(one);
    if (index == 0) return sibling_place{parent_branch, one.parent_seq};
    std::int64_t at = 0;
    for (auto const& other : forks) {
        if (other.fork_seq != one.parent_seq || other.parent != parent_branch) continue;
        if (++at == index) return sibling_place{other.branch, other.fork_seq};
    }
    return std::nullopt;
}

}  // namespace parley
