#include "adapters/sqlite/branch_end.hpp"

#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/schema.hpp"
#include "entities/limits.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

namespace parley::sqlite {

result<branch_end> branch_end::of(connection& db, interaction_id const& id, interaction_state const& state,
                                  bool stays) {
    constexpr std::int64_t most_per_write = 2;
    if (state.last_seq >= seq_span - most_per_write) return internal_error("the interaction has no seq left");
    auto branches = stays ? branch_rows::of_active(db, id, state) : branch_rows::of(db, id, state);
    if (!branches) return std::unexpected(branches.error());
    return branch_end{db, std::move(*branches), state};
}

bool branch_end::is_last(message_row const& row) const {
    return branches_.head_seq_of(branches_.id_of(row.fork)) == row.value.seq;
}

result<void> branch_end::go_to(message_place const& place, branch_id const& fork_id) {
    if (!place) return {};
    if (!*place) {
        if (state_.last_seq == 0) return {};
        return fork_from({fork_id, state_.root_branch, 0}, std::nullopt);
    }
    if (*place == state_.head) return {};
    auto const parent = find_message(*db_, **place);
    if (!parent) return std::unexpected(parent.error());
    if (!*parent || interaction_of_key((*parent)->key) != state_.key) return parent_not_found();
    return go_behind(**parent, fork_id);
}

result<void> branch_end::go_behind(message_row const& parent, branch_id const& fork_id) {
    auto const& before = parent.value;
    if (!is_last(parent)) {
        return fork_from({fork_id, branches_.id_of(parent.fork), before.seq}, before.message_id);
    }
    if (parent.fork == state_.active_fork) return {};
    return activate(parent.fork, before.message_id, before.seq);
}

result<void> branch_end::go_to_branch(branch_id const& branch) {
    auto const head_seq = branches_.head_seq_of(branch);
    query find{*db_, statement::message_id_by_key};
    auto const found = find.bind(message_key(state_.key, head_seq)).step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return internal_error("the last message of a branch has no row");
    return activate(branches_.key_of(branch), find.id_at<message_id>(0), head_seq);
}

result<void> branch_end::fork_from(fork const& wanted, std::optional<message_id> const& parent) {
    if (state_.fork_count >= static_cast<std::int64_t>(limits::forks)) return too_many_branches();
    auto const parent_key = branches_.key_of(wanted.parent);
    query insert{*db_, statement::insert_branch};
    insert.bind(state_.key).bind(wanted.branch).bind(parent_key).bind(wanted.fork_seq);
    if (auto const done = insert.run(); !done) return done;
    auto const key = db_->last_key();
    branches_.add(key, wanted);
    ++state_.fork_count;
    return activate(key, parent, wanted.fork_seq);
}

result<void> branch_end::activate(std::optional<std::int64_t> fork_key, std::optional<message_id> const& head,
                                  std::int64_t head_seq) {
    if (state_.active_fork) {
        query leave{*db_, statement::leave_branch};
        if (auto const done = leave.bind(*state_.active_fork).bind(state_.head_seq).run(); !done) return done;
    } else {
        state_.root_head_seq = state_.head_seq;
    }
    state_.active_fork = fork_key;
    state_.head = head;
    state_.head_seq = head_seq;
    query move{*db_, statement::move_interaction};
    return move.bind(state_.key)
        .bind(state_.active_fork)
        .bind(state_.head)
        .bind(state_.head_seq)
        .bind(state_.root_head_seq)
        .bind(state_.fork_count)
        .run();
}

result<bool> branch_end::append(message_row& row) {
    auto& value = row.value;
    value.parent_id = state_.head;
    value.parent_seq = state_.head_seq;
    value.seq = state_.last_seq + 1;
    row.key = message_key(state_.key, value.seq);
    row.fork = state_.active_fork;
    auto const stored = insert_message(*db_, row);
    if (!stored || !*stored) return stored;
    state_.last_seq = value.seq;
    state_.head_seq = value.seq;
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
        .bind(state_.head)
        .bind(state_.head_seq);
    return write.run();
}

}  // namespace parley::sqlite
