#include "adapters/sqlite/branch_end.hpp"
#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/schema.hpp"
#include "services/store_errors.hpp"

namespace parley::sqlite {
namespace {

/// What is there already under the ids of a draft.
struct stored_turn {
    std::optional<message_row> user_message;
    std::optional<message_row> reply;
};

result<stored_turn> find_stored(connection& db, turn_draft const& draft) {
    auto user_message = find_message(db, draft.user_message_id);
    if (!user_message) return std::unexpected(user_message.error());
    auto reply = find_message(db, draft.reply_id);
    if (!reply) return std::unexpected(reply.error());
    return stored_turn{std::move(*user_message), std::move(*reply)};
}

/// Errors: message_exists when the ids belong to other messages.
result<turn_start> repeated(connection& db, turn_draft const& draft, stored_turn const& stored) {
    auto const& reply_before = stored.reply->value;
    if (!stored.user_message || reply_before.parent_id != draft.user_message_id ||
        reply_before.role != message_role::assistant) {
        return message_exists();
    }
    auto user_message = get_message(db, draft.user_id, draft.interaction_id, draft.user_message_id);
    auto reply = get_message(db, draft.user_id, draft.interaction_id, draft.reply_id);
    for (auto const* const one : {&user_message, &reply}) {
        if (*one) continue;
        if (one->error().kind == error_kind::not_found) return message_exists();
        return std::unexpected(one->error());
    }
    turn_lease const lease{draft.user_id, draft.interaction_id, draft.reply_id, draft.owner,
                           stored.reply->lease_epoch.value_or(0)};
    return turn_start{lease, std::move(*user_message), std::move(*reply)};
}

message_row new_user_message(turn_draft const& draft) {
    message_row row;
    row.value.message_id = draft.user_message_id;
    row.value.created_at = draft.now;
    row.value.role = draft.user_message.role;
    row.value.content = draft.user_message.content;
    row.value.metadata = draft.user_message.metadata;
    row.value.transformed_content = draft.transformed_content;
    return row;
}

message_row new_reply(turn_draft const& draft, std::int64_t epoch) {
    message_row row;
    row.lease_epoch = epoch;
    row.value.message_id = draft.reply_id;
    row.value.created_at = draft.now;
    row.value.role = message_role::assistant;
    row.value.status = message_status::in_progress;
    row.value.model_name = draft.model_name;
    return row;
}

result<void> claim(connection& db, std::int64_t interaction_key, turn_lease const& lease) {
    query write{db, statement::claim_turn};
    return write.bind(interaction_key).bind(lease.reply_id).bind(lease.owner).bind(lease.epoch).run();
}

/// The ids were free when they were looked up in this transaction, so a refusal is a bug.
result<void> append_new(branch_end& end, message_row& row) {
    auto const stored = end.append(row);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored) return internal_error("a message id was taken between look-up and insert");
    return {};
}

/// The user's message: stored before by append_message or a turn cut short, if it is the last of the branch;
/// or new. Errors: message_exists.
result<message> place_user_message(connection& db, turn_draft const& draft, interaction_state const& state,
                                   stored_turn const& stored, branch_end& end) {
    if (stored.user_message) {
        if (state.head != draft.user_message_id || stored.user_message->value.role != message_role::user) {
            return message_exists();
        }
        return get_message(db, draft.user_id, draft.interaction_id, draft.user_message_id);
    }
    auto row = new_user_message(draft);
    if (auto const done = append_new(end, row); !done) return std::unexpected(done.error());
    return std::move(row.value);
}

}  // namespace

result<turn_start> begin_turn::run(connection& db) const {
    auto const state = find_own_state(db, draft.user_id, draft.interaction_id);
    if (!state) return std::unexpected(state.error());
    bool const ours = state->reply == draft.reply_id && state->turn_owner == draft.owner;
    if (state->reply && !ours) return turn_in_progress(*state->reply);
    auto const stored = find_stored(db, draft);
    if (!stored) return std::unexpected(stored.error());
    if (stored->reply) return repeated(db, draft, *stored);

    auto end = branch_end::of(db, draft.interaction_id, *state);
    if (!end) return std::unexpected(end.error());
    auto user_message = place_user_message(db, draft, *state, *stored, *end);
    if (!user_message) return std::unexpected(user_message.error());
    turn_lease const lease{draft.user_id, draft.interaction_id, draft.reply_id, draft.owner,
                           state->turn_epoch + 1};
    auto reply = new_reply(draft, lease.epoch);
    auto done = append_new(*end, reply);
    if (done) done = end->save(draft.now);
    if (done) done = claim(db, state->key, lease);
    if (!done) return std::unexpected(done.error());
    return turn_start{lease, std::move(*user_message), std::move(reply.value)};
}

}  // namespace parley::sqlite
