#include "adapters/sqlite/branch_end.hpp"

#include "adapters/sqlite/branch_path.hpp"
#include "adapters/sqlite/schema.hpp"

#include <algorithm>

namespace parley::sqlite {

result<branch_end> branch_end::of(connection& db, interaction_id const& id, interaction_state const& state) {
    constexpr std::int64_t most_per_write = 2;
    if (state.last_seq >= seq_span - most_per_write) return internal_error("the interaction has no seq left");
    auto const branch = id_of_branch(db, state.root_branch, state.active_fork);
    if (!branch) return std::unexpected(branch.error());
    return branch_end{db, id, *branch, state};
}

result<bool> branch_end::append(message_row& row) {
    auto& value = row.value;
    value.interaction_id = id_;
    value.branch_id = branch_;
    value.parent_id = state_.head;
    value.seq = state_.last_seq + 1;
    row.key = message_key(state_.key, value.seq);
    row.fork = state_.active_fork;
    auto const stored = insert_message(*db_, row);
    if (!stored || !*stored) return stored;
    state_.last_seq = value.seq;
    state_.head = value.message_id;
    if (value.role == message_role::user || value.role == message_role::assistant) ++state_.message_count;
    return true;
}

result<void> branch_end::save(timestamp now) {
    query write{*db_, statement::advance_interaction};
    write.bind(state_.key)
        .bind(std::max(now, state_.updated_at))
        .bind(std::max(now, state_.last_message_at))
        .bind(state_.message_count)
        .bind(state_.last_seq)
        .bind(state_.head);
    return write.run();
}

}  // namespace parley::sqlite
