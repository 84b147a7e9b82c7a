// The first words with a database, and what to tell the operator when they go wrong.
#pragma once

#include "adapters/mongo/driver.hpp"
#include "common/error.hpp"

#include <chrono>

namespace parley::mongo {

/// Waits up to `patience` for a server, then prepares the schema. Errors: store_unavailable, store_refused,
/// store_too_new, store_not_ours, each with a sentence that says what to do.
[[nodiscard]] result<void> start_up(driver& through, std::chrono::milliseconds patience);

}  // namespace parley::mongo
