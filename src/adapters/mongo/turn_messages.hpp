// The two messages of a turn. Thread safety: plain functions.
#pragma once

#include "adapters/mongo/places.hpp"
#include "services/conversation_store.hpp"

namespace parley::mongo {

/// What the user says, at the spot.
[[nodiscard]] stored_message asked_message(turn_draft const& draft, interaction_state const& in,
                                           spot const& at, std::int64_t seq);

/// The reply at the spot, empty: in progress under the lease, queued without one.
[[nodiscard]] stored_message reply_message(turn_draft const& draft, interaction_state const& in,
                                           spot const& at, std::int64_t seq,
                                           std::optional<reply_lease> const& lease);

/// Behind a message on its own branch.
[[nodiscard]] spot behind(message const& one);

[[nodiscard]] turn_lease lease_of(turn_draft const& draft, std::int64_t epoch);

}  // namespace parley::mongo
