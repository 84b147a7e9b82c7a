// Interactions are deleted in two steps: marked, so that nobody sees them, then what hangs on them goes. Who
// dies in between is finished by the sweeper. Errors: those of session.
#pragma once

#include "adapters/mongo/session.hpp"

#include <span>

namespace parley::mongo {

/// Marks the one that matches, and strips it of its contents. Whether one matched.
[[nodiscard]] result<bool> mark_removed(session& db, document const& filter);

/// What hangs on them: messages and requests, and nothing of what was used.
[[nodiscard]] result<void> delete_contents(session& db, std::span<interaction_id const> ids);

}  // namespace parley::mongo
