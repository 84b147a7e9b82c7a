// Replies that wait for their turn in an interaction. Errors: as to_error.
#pragma once

#include "adapters/sqlite/interaction_row.hpp"
#include "adapters/sqlite/message_row.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace parley::sqlite {

/// Whether a reply is being written or waits.
[[nodiscard]] inline bool is_busy(interaction_state const& state) { return state.reply || state.waiting > 0; }

/// The reply that is being written, or the first that waits.
[[nodiscard]] result<std::optional<message_id>> busy_with(connection& db, interaction_state const& state);

/// At most `limit`, in the order in which they came.
[[nodiscard]] result<std::vector<message_row>> waiting_replies(connection& db, interaction_state const& state,
                                                               std::size_t limit);

/// Stores how many wait, as a change made at `now`.
[[nodiscard]] result<void> set_waiting(connection& db, interaction_state const& state, std::int64_t count,
                                       timestamp now);

}  // namespace parley::sqlite
