#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/turn_claim.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

constexpr int most_rounds = 1000;

message next_message(append_message const& wanted, interaction_state const& state) {
    message out;
    out.interaction_id = wanted.interaction_id;
    out.message_id = wanted.message_id;
    out.parent_id = state.head;
    out.branch_id = state.value.active_branch;
    out.seq = state.last_seq + 1;
    out.created_at = wanted.now;
    out.role = wanted.draft.role;
    out.content = wanted.draft.content;
    out.metadata = wanted.draft.metadata;
    return out;
}

/// The message that bears this id already, settled; nothing when there is none.
/// Errors: message_exists when it is in another interaction.
result<std::optional<message>> stored_before(session& db, append_message const& wanted,
                                             interaction_state const& state) {
    auto stored = find_message(db, wanted.message_id);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored) return std::optional<message>{};
    auto& value = (*stored)->value;
    if (value.interaction_id != wanted.interaction_id) return message_exists();
    if (value.seq > state.last_visible()) {
        if (auto const done = settle_own(db, value); !done) return std::unexpected(done.error());
    }
    return std::optional{std::move(value)};
}

}  // namespace

result<message> append_message::run(session& db) const {
    for (int round = 0; round < most_rounds; ++round) {
        auto const state = find_own_state(db, user_id, interaction_id);
        if (!state) return std::unexpected(state.error());
        if (state->turn) {
            auto stored = stored_before(db, *this, *state);
            if (stored && *stored) return std::move(**stored);
            if (!stored && stored.error().kind != error_kind::conflict)
                return std::unexpected(stored.error());
            auto const over = release_ended(db, *state, now);
            if (!over) return std::unexpected(over.error());
            if (*over) continue;
            return turn_in_progress(state->turn->reply);
        }
        auto fresh = next_message(*this, *state);
        array documents;
        documents.push(to_document(fresh, std::nullopt));
        auto const outcome = db.insert(messages, documents);
        if (!outcome.refused) {
            auto const settled = settle(db, *state, fresh);
            if (!settled) return std::unexpected(settled.error());
            if (*settled) return fresh;
            if (auto const done = settle_own(db, fresh); !done) return std::unexpected(done.error());
            return fresh;
        }
        if (!is_duplicate(outcome.refused->code)) return std::unexpected(outcome.refused->what);
        auto stored = stored_before(db, *this, *state);
        if (!stored) return std::unexpected(stored.error());
        if (*stored) return std::move(**stored);
        // The number is taken: by somebody who has moved on, or by one who needs help.
        auto const now_there = find_own_state(db, user_id, interaction_id);
        if (!now_there) return std::unexpected(now_there.error());
        if (now_there->turn || now_there->last_seq != state->last_seq) continue;
        if (auto const helped = settle_foreign(db, *now_there); !helped) {
            return std::unexpected(helped.error());
        }
    }
    return internal_error("no number could be found for a message");
}

}  // namespace parley::mongo
