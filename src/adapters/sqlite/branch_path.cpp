#include "adapters/sqlite/branch_path.hpp"

#include "adapters/sqlite/row_value.hpp"
#include "adapters/sqlite/schema.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

namespace parley::sqlite {
namespace {

struct fork_row {
    std::int64_t key = 0;
    branch_id id;
    std::optional<std::int64_t> parent;
    std::int64_t fork_seq = 0;
};

fork_row read_fork(query const& row) {
    return {row.number(0), row.id_at<branch_id>(1), optional_number(row, 2), row.number(3)};
}

result<std::optional<fork_row>> fork_by_id(connection& db, std::int64_t interaction_key,
                                           branch_id const& id) {
    query find{db, statement::branch_by_id};
    auto const found = find.bind(interaction_key).bind(id).step();
    if (!found) return std::unexpected(found.error());
    return *found ? std::optional{read_fork(find)} : std::nullopt;
}

result<fork_row> fork_by_key(connection& db, std::int64_t key) {
    query find{db, statement::branch_by_key};
    auto const found = find.bind(key).step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return internal_error("branch " + std::to_string(key) + " has no row");
    return read_fork(find);
}

/// Where the path ends: a fork, or nullopt for the root branch.
result<std::optional<fork_row>> leaf_of(connection& db, interaction_state const& interaction,
                                        std::optional<branch_id> const& wanted) {
    if (!wanted) {
        if (!interaction.active_fork) return std::optional<fork_row>{};
        auto active = fork_by_key(db, *interaction.active_fork);
        if (!active) return std::unexpected(active.error());
        return std::optional{*active};
    }
    if (*wanted == interaction.root_branch) return std::optional<fork_row>{};
    auto found = fork_by_id(db, interaction.key, *wanted);
    if (found && !*found) return branch_not_found();
    return found;
}

}  // namespace

result<std::vector<branch_run>> path_of_branch(connection& db, interaction_state const& interaction,
                                               std::optional<branch_id> const& wanted) {
    auto leaf = leaf_of(db, interaction, wanted);
    if (!leaf) return std::unexpected(leaf.error());
    std::vector<branch_run> path;
    auto last_seq = seq_span - 1;
    for (auto at = *leaf; at;) {
        path.push_back({at->key, at->id, at->fork_seq + 1, last_seq});
        last_seq = std::min(last_seq, at->fork_seq);
        if (!at->parent) break;
        auto parent = fork_by_key(db, *at->parent);
        if (!parent) return std::unexpected(parent.error());
        at = *parent;
    }
    path.push_back({std::nullopt, interaction.root_branch, 1, last_seq});
    std::ranges::reverse(path);
    return path;
}

result<branch_id> id_of_branch(connection& db, branch_id const& root,
                               std::optional<std::int64_t> const& fork) {
    if (!fork) return root;
    auto const found = fork_by_key(db, *fork);
    if (!found) return std::unexpected(found.error());
    return found->id;
}

}  // namespace parley::sqlite
