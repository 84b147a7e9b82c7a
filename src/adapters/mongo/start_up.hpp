// The first words with a database, and what to tell the operator when they go wrong.
#pragma once

#include "adapters/mongo/driver.hpp"
#include "common/error.hpp"

#include <chrono>

namespace parley::mongo {

/// Waits up to `patience` for a server that lets us in. Errors: store_unavailable, store_refused, each with a
/// sentence that says what to do.
[[nodiscard]] result<void> connect(driver& through, std::chrono::milliseconds patience);

/// The same, then prepares the schema through `slowly`, which waits for answers as long as an index of a
/// large collection takes. Errors: further store_too_new and store_not_ours.
[[nodiscard]] result<void> start_up(driver& through, driver& slowly, std::chrono::milliseconds patience);

}  // namespace parley::mongo
