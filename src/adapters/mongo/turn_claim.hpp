// The claim of an interaction by a turn: taken by one compare-and-set on the interaction's document, released
// by another. Errors: those of session, and as told.
#pragma once

#include "adapters/mongo/places.hpp"
#include "services/conversation_store.hpp"

namespace parley::mongo {

/// The state under a claim for a new message and its reply at the end of the active branch, whichever that
/// is. Nothing when the interaction is not idle.
[[nodiscard]] result<std::optional<interaction_state>> claim_end(session& db, turn_draft const& draft);

/// The same at a spot that was found in this idle state, where `fresh` tells whether the user's message is
/// new. Nothing when the state has moved.
[[nodiscard]] result<std::optional<interaction_state>> claim_spot(session& db, turn_draft const& draft,
                                                                  interaction_state const& idle_state,
                                                                  spot const& at, bool fresh);

/// The same for the first reply that waits; nothing is added by it.
[[nodiscard]] result<std::optional<interaction_state>> claim_first(session& db,
                                                                   interaction_state const& waiting_state,
                                                                   process_id const& owner, timestamp now);

/// The state now, if the claim still holds. Errors: unavailable (store_unavailable) when it was taken away.
[[nodiscard]] result<interaction_state> reread_claim(session& db, interaction_state const& held);

/// Puts what the claim has added into the interaction's figures while the turn runs on, so that others can
/// follow behind it. False when the state has moved.
[[nodiscard]] result<bool> settle_claim(session& db, interaction_state const& held);

/// Ends the claim under which `reply` was written, its messages settled, without a look at the interaction.
/// False when that can not be, or the claim is not current.
[[nodiscard]] result<bool> release_at_once(session& db, stored_message const& reply, std::int64_t epoch,
                                           timestamp now);

/// Ends the claim if it is current, with its messages settled where `reply` is the one it stored. Replies
/// that wait go on waiting. Returns the state before, or nothing when it was not current.
[[nodiscard]] result<std::optional<interaction_state>> end_claim(session& db, interaction_id const& in,
                                                                 message_id const& reply_id,
                                                                 std::int64_t epoch,
                                                                 stored_message const* reply, timestamp now);

/// Ends it where its reply has ended, as anybody can see: whoever wrote that has yet to come to it, or died
/// before he did. False when there is no claim or its turn is still running.
[[nodiscard]] result<bool> release_ended(session& db, interaction_state const& state, timestamp now);

}  // namespace parley::mongo
