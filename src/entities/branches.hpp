// The tree of an interaction's branches. A branch is a run of messages; regenerating or editing forks one
// behind a message, and nothing is overwritten. A message belongs to one branch; what a reader of a branch
// sees is its path: the runs of its ancestors up to where each was left, then its own messages.
#pragma once

#include "common/id.hpp"
#include "entities/message.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace parley {

/// A branch that leaves `parent` behind the message `fork_seq`, which is one of parent's own; 0: before the
/// first message of the interaction.
struct fork {
    branch_id branch;
    branch_id parent;
    std::int64_t fork_seq = 0;
    bool operator==(fork const&) const = default;
};

/// Messages of one branch with first_seq <= seq <= last_seq.
struct branch_run {
    branch_id branch;
    std::int64_t first_seq = 1;
    std::int64_t last_seq = 0;
    bool operator==(branch_run const&) const = default;
};

/// The first message of `branch` with a seq above this one.
struct sibling_place {
    branch_id branch;
    std::int64_t behind_seq = 0;
    bool operator==(sibling_place const&) const = default;
};

struct branch_tree {
    branch_id root;
    std::vector<fork> forks;  // in order of creation

    [[nodiscard]] bool has(branch_id const& branch) const;

    /// The runs that lead from the first message to the end of `leaf`, in ascending order of seq; the leaf's
    /// own ends at `last_seq`. Nullopt when there is no such branch.
    [[nodiscard]] std::optional<std::vector<branch_run>> path_of(branch_id const& leaf,
                                                                 std::int64_t last_seq) const;

    /// Where a message stands among those that have the same parent. It is told by its branch and by the seq
    /// of its parent alone: whoever continues a branch was there before anybody forked it at that place.
    [[nodiscard]] sibling_position sibling_of(message const& one) const;

    /// Where the message is that stands at `index` among those with the same parent: the first of a branch's
    /// own behind a number. Nullopt when there are not so many.
    [[nodiscard]] std::optional<sibling_place> sibling_at(message const& one, std::int64_t index) const;

private:
    [[nodiscard]] fork const* find(branch_id const& branch) const;
    /// The branch of a message's parent, by which (and by its seq) its siblings are known.
    [[nodiscard]] branch_id parent_branch_of(message const& one) const;
};

}  // namespace parley
