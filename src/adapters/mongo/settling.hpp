// Messages that are stored become part of their interaction: one compare-and-set each, in the order of their
// numbers. Errors: those of session, and as told.
#pragma once

#include "adapters/mongo/states.hpp"

namespace parley::mongo {

/// Puts the message, which stands behind the last settled one, into the interaction's figures, its branch
/// among the branches, and a reply that waits into the queue: a compare-and-set on all that `state` says.
/// False when the state has moved.
[[nodiscard]] result<bool> settle(session& db, interaction_state const& state, stored_message const& next);

/// The same of a user's message and the reply behind it that waits for its turn, both at the end of the
/// active branch.
[[nodiscard]] result<bool> settle_waiting(session& db, interaction_state const& state, message const& asked,
                                          message const& reply);

/// Settles the message behind the last settled one, if there is one that a writer has left there: its process
/// died, or it has not come to it yet. A reply that was being written is ended as interrupted. Messages of
/// the running claim are left to it. True when something was done, so that the state should be read again.
[[nodiscard]] result<bool> settle_foreign(session& db, interaction_state const& state);

/// Settles a message that the caller has stored. Errors: interaction_not_found when the interaction was
/// deleted meanwhile; the message is removed then.
[[nodiscard]] result<void> settle_own(session& db, stored_message const& own);

/// Settles what was left, up to this number, as far as it is nobody's claim.
[[nodiscard]] result<void> settle_up_to(session& db, interaction_id const& in, std::int64_t seq);

/// An interaction in which none of the replies waits any more for which it is marked as waiting.
[[nodiscard]] result<void> end_waiting(session& db, interaction_state const& state);

}  // namespace parley::mongo
