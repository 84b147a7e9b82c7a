// Deletes what deleted users have left, bit by bit, so that others are not held up.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "common/timestamp.hpp"
#include "services/identity_store.hpp"

#include <cstddef>
#include <functional>

namespace parley {

/// Until nothing is left, or `enough` says so. Returns how many interactions went. A deleted user is
/// remembered for two days, so that what a request began before is found by a later call, and no copy of a
/// request makes them again. Errors: those of the store; it is gone on with then by the next call.
[[nodiscard]] task<result<std::size_t>> purge_deleted_users(identity_store& store, timestamp now,
                                                            std::function<bool()> enough);

}  // namespace parley
