// Makes sure that nobody writes a store that is to be copied.
#pragma once

#include "modules/transfer/transfer_observer.hpp"
#include "services/clock.hpp"
#include "services/store_archive.hpp"

#include <chrono>

namespace parley {

/// Ends the turns that a dead process has left behind, as a server does that starts: their replies become
/// interrupted. One that shows progress within `lease` is none of these. Errors: conflict (store_in_use);
/// cancelled; those of the store.
[[nodiscard]] result<void> bring_to_rest(store_archive& source, transfer_observer& seen, clock const& time,
                                         std::chrono::milliseconds lease);

}  // namespace parley
