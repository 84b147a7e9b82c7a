// Reading interactions and messages for what is decided by them: always from the primary.
// Errors: those of session.
#pragma once

#include "adapters/mongo/interaction_document.hpp"
#include "adapters/mongo/message_document.hpp"
#include "adapters/mongo/session.hpp"

namespace parley::mongo {

/// For filters on `expires`: later than `now`, or never.
[[nodiscard]] document unexpired_at(timestamp now);

/// Nothing when it is absent or deleted; one that has expired is there until it is deleted.
[[nodiscard]] result<std::optional<interaction_state>> find_state(session& db, interaction_id const& id);

/// Errors: interaction_not_found, also when it is another user's or has expired.
[[nodiscard]] result<interaction_state> find_own_state(session& db, user_id const& user,
                                                       interaction_id const& id,
                                                       read_from where = read_from::primary);

[[nodiscard]] result<std::optional<stored_message>> find_message(session& db, message_id const& id);

/// Puts the message, which stands behind the last settled one, into the interaction's figures: a
/// compare-and-set on all that `state` says. False when the state has moved.
[[nodiscard]] result<bool> settle(session& db, interaction_state const& state, message const& next);

/// Settles the message behind the last settled one, if there is one that a writer has left there: its process
/// died, or it has not come to it yet. A reply that nobody writes any more is ended as interrupted.
/// True when something was done, so that the state should be read again.
[[nodiscard]] result<bool> settle_foreign(session& db, interaction_state const& state);

/// Settles a message that the caller has stored. Errors: interaction_not_found when the interaction was
/// deleted meanwhile; the message is removed then.
[[nodiscard]] result<void> settle_own(session& db, message const& own);

}  // namespace parley::mongo
