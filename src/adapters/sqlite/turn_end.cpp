#include "adapters/sqlite/branch_rows.hpp"
#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/usage_rows.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

namespace parley::sqlite {
namespace {

bool is_current(interaction_state const& state, turn_lease const& lease) {
    return state.user_id == lease.user_id && state.reply == lease.reply_id &&
           state.turn_owner == lease.owner && state.turn_epoch == lease.epoch;
}

/// The state when the lease is current, nullopt when it is not, also when the interaction has gone.
result<std::optional<interaction_state>> state_under(connection& db, turn_lease const& lease) {
    auto state = find_state(db, lease.interaction_id);
    if (state && *state && !is_current(**state, lease)) return std::optional<interaction_state>{};
    return state;
}

/// The row of the reply that a current lease writes.
result<message_row> reply_under(connection& db, turn_lease const& lease) {
    auto row = find_message(db, lease.reply_id);
    if (!row) return std::unexpected(row.error());
    if (!*row) return internal_error("the reply of a running turn has no row");
    return std::move(**row);
}

/// Stores the reply's end, releases the claim, and gives the reply as the port shows it.
result<message> end_turn(connection& db, interaction_state const& state, turn_lease const& lease,
                         message_row row, timestamp now) {
    if (auto const done = write_outcome(db, row); !done) return std::unexpected(done.error());
    query release{db, statement::release_turn};
    if (auto const done = release.bind(state.key).bind(std::max(now, state.updated_at)).run(); !done) {
        return std::unexpected(done.error());
    }
    auto const branches = branch_rows::of(db, lease.interaction_id, state);
    if (!branches) return std::unexpected(branches.error());
    return branches->complete(std::move(row));
}

/// A finish that comes again finds its reply ended under its own claim; any other has lost the turn.
result<turn_end> finished_before(connection& db, turn_lease const& lease) {
    auto const row = find_message(db, lease.reply_id);
    if (!row) return std::unexpected(row.error());
    if (!*row || !is_final((*row)->value.status) || (*row)->lease_epoch != lease.epoch) return turn_lost();
    auto const state = find_state(db, lease.interaction_id);
    if (!state) return std::unexpected(state.error());
    if (!*state || (*state)->user_id != lease.user_id) return turn_lost();
    auto reply = message_in(db, **state, lease.interaction_id, lease.reply_id);
    if (!reply && reply.error().kind == error_kind::not_found) return turn_lost();
    if (!reply) return std::unexpected(reply.error());
    return turn_end{std::move(*reply), (*state)->waiting > 0};
}

}  // namespace

result<void> checkpoint::run(connection& db) const {
    auto const state = state_under(db, lease);
    if (!state) return std::unexpected(state.error());
    if (!*state) return turn_lost();
    auto const row = reply_under(db, lease);
    if (!row) return std::unexpected(row.error());
    query write{db, statement::update_content};
    if (auto const done = write.bind(row->key).bind(content).run(); !done) return done;
    query advance{db, statement::advance_turn};
    return advance.bind((*state)->key).run();
}

result<turn_end> finish_turn::run(connection& db) const {
    if (!is_final(outcome.status)) return internal_error("a turn must end with a final status");
    auto const state = state_under(db, lease);
    if (!state) return std::unexpected(state.error());
    if (!*state) return finished_before(db, lease);
    auto row = reply_under(db, lease);
    if (!row) return std::unexpected(row.error());
    row->value.status = outcome.status;
    row->value.content = outcome.content;
    row->value.finish_reason = outcome.finish_reason;
    row->value.usage = outcome.usage;
    row->value.timings = outcome.timings;
    row->value.error = outcome.error;
    row->value.tool_calls = outcome.tool_calls;
    row->value.reasoning = outcome.reasoning;
    row->value.attempts = outcome.attempts;
    if (auto const done = count_reply(db, lease.user_id, row->value); !done) {
        return std::unexpected(done.error());
    }
    auto reply = end_turn(db, **state, lease, std::move(*row), outcome.now);
    if (!reply) return std::unexpected(reply.error());
    return turn_end{std::move(*reply), (*state)->waiting > 0};
}

result<std::optional<message>> expire_turn::run(connection& db) const {
    auto const state = state_under(db, seen.lease);
    if (!state) return std::unexpected(state.error());
    if (!*state || (*state)->turn_progress != seen.progress) return std::optional<message>{};
    auto row = reply_under(db, seen.lease);
    if (!row) return std::unexpected(row.error());
    row->value.status = message_status::interrupted;
    row->lease_epoch.reset();
    auto reply = end_turn(db, **state, seen.lease, std::move(*row), now);
    if (!reply) return std::unexpected(reply.error());
    return std::optional{std::move(*reply)};
}

}  // namespace parley::sqlite
