#include "adapters/sqlite/branch_rows.hpp"

#include "adapters/sqlite/row_value.hpp"

#include <algorithm>
#include <string>

namespace parley::sqlite {

branch_rows::branch_rows(interaction_id const& id, interaction_state const& state)
    : id_(id),
      root_head_seq_(state.active_fork ? state.root_head_seq : state.head_seq) {
    tree_.root = state.root_branch;
}

result<branch_rows> branch_rows::of(connection& db, interaction_id const& id,
                                    interaction_state const& state) {
    branch_rows out{id, state};
    if (state.fork_count == 0) return out;
    auto const count = static_cast<std::size_t>(state.fork_count);
    out.rows_.reserve(count);
    out.tree_.forks.reserve(count);
    query rows{db, statement::branches_of_interaction};
    rows.bind(state.key);
    if (auto const done = out.read(rows, state); !done) return std::unexpected(done.error());
    return out;
}

result<branch_rows> branch_rows::of_active(connection& db, interaction_id const& id,
                                           interaction_state const& state) {
    branch_rows out{id, state};
    if (!state.active_fork) return out;
    query rows{db, statement::branch_by_key};
    rows.bind(*state.active_fork);
    if (auto const done = out.read(rows, state); !done) return std::unexpected(done.error());
    return out;
}

result<void> branch_rows::read(query& rows, interaction_state const& state) {
    for (;;) {
        auto const found = rows.step();
        if (!found) return std::unexpected(found.error());
        if (!*found) return {};
        auto const key = rows.number(0);
        // A parent is older than its forks, so that it is there already.
        tree_.forks.push_back({rows.id_at<branch_id>(1), id_of(optional_number(rows, 2)), rows.number(3)});
        rows_.push_back({key, key == state.active_fork ? state.head_seq : rows.number(4)});
    }
}

std::optional<std::int64_t> branch_rows::key_of(branch_id const& branch) const {
    auto const found = std::ranges::find(tree_.forks, branch, &fork::branch);
    if (found == tree_.forks.end()) return std::nullopt;
    return rows_[static_cast<std::size_t>(found - tree_.forks.begin())].key;
}

branch_id branch_rows::id_of(std::optional<std::int64_t> const& key) const {
    if (!key) return tree_.root;
    auto const found = std::ranges::lower_bound(rows_, *key, {}, &row::key);
    if (found == rows_.end() || found->key != *key) return {};
    return tree_.forks[static_cast<std::size_t>(found - rows_.begin())].branch;
}

std::int64_t branch_rows::head_seq_of(branch_id const& branch) const {
    auto const found = std::ranges::find(tree_.forks, branch, &fork::branch);
    if (found == tree_.forks.end()) return root_head_seq_;
    return rows_[static_cast<std::size_t>(found - tree_.forks.begin())].head_seq;
}

void branch_rows::add(std::int64_t key, fork const& made) {
    tree_.forks.push_back(made);
    rows_.push_back({key, made.fork_seq});
}

message branch_rows::complete(message_row row) const {
    auto& value = row.value;
    value.interaction_id = id_;
    value.branch_id = id_of(row.fork);
    value.sibling = tree_.sibling_of(value);
    return std::move(value);
}

result<branch_id> id_of_branch(connection& db, std::int64_t key) {
    query find{db, statement::branch_by_key};
    auto const found = find.bind(key).step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return internal_error("branch " + std::to_string(key) + " has no row");
    return find.id_at<branch_id>(1);
}

}  // namespace parley::sqlite
