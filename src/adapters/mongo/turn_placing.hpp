// Stores the messages of a turn in an interaction that it has claimed.
#pragma once

#include "adapters/mongo/turn_claim.hpp"

namespace parley::mongo {

/// `held`: the interaction under the claim; `at`: where the user's message goes, or the reply where `asked`,
/// the user's message, is stored already. Nothing when the claim was given up because what it was taken for
/// has changed: the caller looks again. Errors: message_exists; those of session. After too_large the claim
/// is given up.
[[nodiscard]] result<std::optional<turn_start>> place_turn(session& db, turn_draft const& draft,
                                                           interaction_state held, spot at,
                                                           std::optional<message> asked);

}  // namespace parley::mongo
