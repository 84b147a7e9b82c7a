// Stores a turn behind one that is being written, or behind others that wait: its reply waits as well.
// Errors: those of session, and as told.
#pragma once

#include "adapters/mongo/turn_claim.hpp"

namespace parley::mongo {

/// Settles the messages of the running turn, so that others can follow. False when they are not stored yet.
[[nodiscard]] result<bool> settle_running(session& db, interaction_state const& in);

/// At the end of the active branch of a busy interaction whose running turn is settled. Nothing: the caller
/// looks again. Errors: interaction_not_found.
[[nodiscard]] result<std::optional<turn_start>> queue_turn(session& db, turn_draft const& draft,
                                                           interaction_state const& in);

}  // namespace parley::mongo
