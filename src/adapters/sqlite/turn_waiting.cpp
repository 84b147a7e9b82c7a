#include "adapters/sqlite/branch_rows.hpp"
#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/row_value.hpp"
#include "adapters/sqlite/turn_claim.hpp"
#include "adapters/sqlite/waiting_replies.hpp"
#include "entities/limits.hpp"

namespace parley::sqlite {
namespace {

result<void> start_reply(connection& db, message_row& row, std::int64_t epoch) {
    row.value.status = message_status::in_progress;
    row.lease_epoch = epoch;
    query write{db, statement::start_reply};
    return write.bind(row.key).bind(number_of(row.value.status)).bind(epoch).run();
}

result<void> withdraw(connection& db, message_row& row) {
    row.value.status = message_status::stopped;
    query write{db, statement::withdraw_reply};
    return write.bind(row.key).bind(number_of(row.value.status)).run();
}

/// Its row and that of the message that it answers.
result<message_row> asked_by(connection& db, message_row const& reply) {
    auto row = find_message(db, reply.value.parent_id.value_or(message_id{}));
    if (!row) return std::unexpected(row.error());
    if (!*row) return internal_error("a reply that waits answers no message");
    return std::move(**row);
}

}  // namespace

result<std::optional<turn_start>> next_turn::run(connection& db) const {
    auto const state = find_own_state(db, user_id, interaction_id);
    if (!state) return std::unexpected(state.error());
    if (state->reply || state->waiting == 0) return std::optional<turn_start>{};
    auto first = waiting_replies(db, *state, 1);
    if (!first) return std::unexpected(first.error());
    if (first->empty()) return internal_error("a reply that waits has no row");
    auto& reply = first->front();
    auto asked = asked_by(db, reply);
    if (!asked) return std::unexpected(asked.error());
    auto const branches = branch_rows::of(db, interaction_id, *state);
    if (!branches) return std::unexpected(branches.error());

    turn_lease const lease{user_id, interaction_id, reply.value.message_id, owner, state->turn_epoch + 1};
    auto done = start_reply(db, reply, lease.epoch);
    if (done) done = set_waiting(db, *state, state->waiting - 1, now);
    if (done) done = claim(db, state->key, lease);
    if (!done) return std::unexpected(done.error());
    return std::optional{
        turn_start{lease, branches->complete(std::move(*asked)), branches->complete(std::move(reply))}};
}

result<std::vector<message>> withdraw_turns::run(connection& db) const {
    auto const state = find_own_state(db, user_id, interaction_id);
    if (!state) return std::unexpected(state.error());
    std::vector<message> withdrawn;
    if (state->waiting == 0) return withdrawn;
    auto const branches = branch_rows::of(db, interaction_id, *state);
    if (!branches) return std::unexpected(branches.error());
    auto waiting = waiting_replies(db, *state, limits::waiting_replies);
    if (!waiting) return std::unexpected(waiting.error());
    for (auto& row : *waiting) {
        if (only && *only != row.value.message_id) continue;
        if (auto const done = withdraw(db, row); !done) return std::unexpected(done.error());
        withdrawn.push_back(branches->complete(std::move(row)));
    }
    if (withdrawn.empty()) return withdrawn;
    auto const left = state->waiting - std::ssize(withdrawn);
    if (auto const done = set_waiting(db, *state, left, now); !done) return std::unexpected(done.error());
    return withdrawn;
}

}  // namespace parley::sqlite
