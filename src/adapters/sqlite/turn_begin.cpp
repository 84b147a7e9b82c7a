#include "adapters/sqlite/branch_end.hpp"
#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/turn_claim.hpp"
#include "adapters/sqlite/waiting_replies.hpp"
#include "entities/limits.hpp"
#include "services/store_errors.hpp"

namespace parley::sqlite {
namespace {

/// What is in the interaction already under the ids of a draft.
struct stored_turn {
    std::optional<message_row> user_message;
    std::optional<message_row> reply;
};

/// Errors: message_exists when an id belongs to a message of another interaction.
result<stored_turn> find_stored(connection& db, turn_draft const& draft, interaction_state const& state) {
    auto user_message = find_message(db, draft.user_message_id);
    if (!user_message) return std::unexpected(user_message.error());
    auto reply = find_message(db, draft.reply_id);
    if (!reply) return std::unexpected(reply.error());
    auto const is_elsewhere = [&](std::optional<message_row> const& row) {
        return row && interaction_of_key(row->key) != state.key;
    };
    if (is_elsewhere(*reply)) return message_exists();
    if (is_elsewhere(*user_message)) {
        if (draft.user_message) return message_exists();
        user_message->reset();  // to be replied to: as if it were nowhere
    }
    return stored_turn{std::move(*user_message), std::move(*reply)};
}

turn_lease lease_of(turn_draft const& draft, std::int64_t epoch) {
    return {draft.user_id, draft.interaction_id, draft.reply_id, draft.owner, epoch};
}

/// Errors: message_exists when the ids belong to other messages.
result<turn_start> repeated(connection& db, turn_draft const& draft, interaction_state const& state,
                            stored_turn stored) {
    auto const& answer = stored.reply->value;
    if (!stored.user_message || answer.parent_id != draft.user_message_id ||
        answer.role != message_role::assistant) {
        return message_exists();
    }
    auto const branches = branch_rows::of(db, draft.interaction_id, state);
    if (!branches) return std::unexpected(branches.error());
    auto lease = lease_of(draft, stored.reply->lease_epoch.value_or(0));
    if (state.reply == draft.reply_id) lease.owner = state.turn_owner;
    return turn_start{lease, branches->complete(std::move(*stored.user_message)),
                      branches->complete(std::move(*stored.reply))};
}

/// Whether a stored message under the draft's id can be what the draft says.
bool is_asked_by(message_draft const& draft, message const& asked, bool is_last) {
    return begins_turn(asked.role) && asked.role == draft.role && is_last;
}

/// Of a user's message that is to be replied to, or was stored before, by add_message or a turn cut short.
result<void> check_asked(turn_draft const& draft, std::optional<message_row> const& asked,
                         branch_end const& end) {
    if (!draft.user_message) {
        if (!asked) return parent_not_found();
        if (!begins_turn(asked->value.role)) return not_a_user_message();
    } else if (asked && !is_asked_by(*draft.user_message, asked->value, end.is_last(*asked))) {
        return message_exists();
    }
    return {};
}

/// Whether the reply waits for its turn. Errors: turn_in_progress, too_many_waiting.
result<bool> must_wait(connection& db, turn_draft const& draft, interaction_state const& state, bool fresh) {
    auto const busy = busy_with(db, state);
    if (!busy) return std::unexpected(busy.error());
    if (!*busy) return false;
    auto const& place = draft.place;
    bool const at_end = !place || (*place && *place == state.head);
    if (!draft.may_wait || !fresh || !at_end) return turn_in_progress(**busy);
    if (state.waiting >= static_cast<std::int64_t>(limits::waiting_replies)) return too_many_waiting();
    return true;
}

message_row new_user_message(turn_draft const& draft) {
    message_row row;
    row.value.message_id = draft.user_message_id;
    row.value.created_at = draft.now;
    row.value.role = draft.user_message->role;
    row.value.content = draft.user_message->content;
    row.value.metadata = draft.user_message->metadata;
    row.value.tool_call_id = draft.user_message->tool_call_id;
    row.value.transformed_content = draft.transformed_content;
    return row;
}

message_row new_reply(turn_draft const& draft, std::int64_t epoch) {
    message_row row;
    if (epoch > 0) row.lease_epoch = epoch;
    row.value.message_id = draft.reply_id;
    row.value.created_at = draft.now;
    row.value.role = message_role::assistant;
    row.value.status = epoch > 0 ? message_status::in_progress : message_status::queued;
    row.value.model_name = draft.model_name;
    return row;
}

/// The ids were free when they were looked up in this transaction, so a refusal is a bug.
result<void> append_new(branch_end& end, message_row& row) {
    auto const stored = end.append(row);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored) return internal_error("a message id was taken between look-up and insert");
    return {};
}

/// Goes where the turn belongs and stores the user's message if it is new.
result<message_row> place_user_message(turn_draft const& draft, std::optional<message_row> stored,
                                       branch_end& end) {
    auto const there = stored ? end.go_behind(*stored, draft.fork) : end.go_to(draft.place, draft.fork);
    if (!there) return std::unexpected(there.error());
    if (stored) return std::move(*stored);
    auto row = new_user_message(draft);
    if (auto const done = append_new(end, row); !done) return std::unexpected(done.error());
    return row;
}

}  // namespace

result<turn_start> begin_turn::run(connection& db) const {
    auto const state = find_own_state(db, draft.user_id, draft.interaction_id);
    if (!state) return std::unexpected(state.error());
    auto stored = find_stored(db, draft, *state);
    if (!stored) return std::unexpected(stored.error());
    if (stored->reply) return repeated(db, draft, *state, std::move(*stored));

    bool const stays = draft.user_message && !draft.place && !stored->user_message;
    auto end = branch_end::of(db, draft.interaction_id, *state, stays);
    if (!end) return std::unexpected(end.error());
    if (auto const ok = check_asked(draft, stored->user_message, *end); !ok) {
        return std::unexpected(ok.error());
    }
    bool const fresh = !stored->user_message;
    if (fresh && is_outdated(draft.seen, state->last_seq)) return newer_messages();
    auto const waits = must_wait(db, draft, *state, fresh);
    if (!waits) return std::unexpected(waits.error());
    auto asked = place_user_message(draft, std::move(stored->user_message), *end);
    if (!asked) return std::unexpected(asked.error());

    auto const lease = lease_of(draft, *waits ? 0 : state->turn_epoch + 1);
    auto reply = new_reply(draft, lease.epoch);
    auto done = append_new(*end, reply);
    if (done) done = end->save(draft.now);
    if (done) {
        done = *waits ? set_waiting(db, *state, state->waiting + 1, draft.now) : claim(db, state->key, lease);
    }
    if (!done) return std::unexpected(done.error());
    auto const running = state->reply ? 1 : 0;
    auto const ahead = *waits ? static_cast<std::size_t>(state->waiting + running) : 0;
    return turn_start{lease, end->complete(std::move(*asked)), end->complete(std::move(reply)), ahead};
}

}  // namespace parley::sqlite
