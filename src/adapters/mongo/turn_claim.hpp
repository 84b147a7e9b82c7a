// The claim of an interaction by a turn: one compare-and-set on the interaction's document.
// Errors: those of session, and as told.
#pragma once

#include "adapters/mongo/states.hpp"
#include "services/conversation_store.hpp"

namespace parley::mongo {

/// The interaction under the claim: a new one, or the one that this draft has already.
/// Errors: interaction_not_found; turn_in_progress.
[[nodiscard]] result<interaction_state> take_claim(session& db, turn_draft const& draft);

/// The state now, if the claim still holds. Errors: unavailable (store_unavailable) when it was taken away.
[[nodiscard]] result<interaction_state> reread_claim(session& db, interaction_state const& held);

/// Gives it up; nothing was added. `held` is as it was read under the claim.
[[nodiscard]] result<void> drop_claim(session& db, interaction_state const& held);

/// The claim adds the reply only: the message it answers was there before.
[[nodiscard]] result<void> shrink_claim(session& db, interaction_state& held);

/// Ends it with its messages settled up to `reply`, if it is still the one the reply was written under.
/// `reply.lease` is as it was while the turn ran.
[[nodiscard]] result<bool> release_claim(session& db, message const& reply, reply_lease const& lease,
                                         timestamp now);

/// Ends it where its reply has ended, as anybody can see: whoever wrote that has yet to come to it, or died
/// before he did. False when the turn is still running. `claimed` has a turn.
[[nodiscard]] result<bool> release_ended(session& db, interaction_state const& claimed, timestamp now);

/// Ends it where the reply was never stored. False when it was not current.
[[nodiscard]] result<bool> abandon_claim(session& db, turn_lease const& lease, timestamp now);

}  // namespace parley::mongo
