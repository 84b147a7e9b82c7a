// Usage is told by the replies themselves; `usage` holds what no message tells. A reply that is deleted
// leaves its usage there under its own id before it goes. So whatever stops between the two, and whoever does
// it again, each is counted once: who sums up reads the replies first, and leaves out those that he then
// finds in `usage`. Errors: those of session.
#pragma once

#include "adapters/mongo/message_document.hpp"
#include "adapters/mongo/session.hpp"
#include "services/usage_sums.hpp"

#include <chrono>
#include <map>

namespace parley::mongo {

struct day_range {
    std::chrono::sys_days first = std::chrono::floor<std::chrono::days>(earliest_timestamp);
    std::chrono::sys_days last = std::chrono::floor<std::chrono::days>(latest_timestamp);
};

/// What the replies of a user that are there have used.
[[nodiscard]] result<std::map<message_id, usage_day>> usage_of_replies(session& db, user_id const& user,
                                                                       day_range const& days);

/// What those and all others have used.
[[nodiscard]] result<usage_sums> sum_usage(session& db, user_id const& user, day_range const& days);

/// Before the messages of an interaction are deleted; may be repeated.
[[nodiscard]] result<void> keep_usage(session& db, interaction_id const& of);

/// Before this one is.
[[nodiscard]] result<void> keep_usage(session& db, stored_message const& reply);

/// Replies of a layout before version 4 that were copied from another store do not say whose they are: they
/// do after this.
[[nodiscard]] result<void> claim_old_replies(session& db);

}  // namespace parley::mongo
