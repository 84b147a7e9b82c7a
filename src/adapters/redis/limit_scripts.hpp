// What the limiter lets Redis do, each in one step. The arithmetic is that of memory_limiter.cpp; numbers are
// doubles there, which limiter.hpp's `countable` keeps exact. Every key is given the time after which it
// means nothing. Thread safety: immutable.
#pragma once

#include "adapters/redis/script.hpp"

namespace parley::redis {

/// Arguments: amount, window, now (ms). Answers: allowed (1 or 0), remaining, full again (ms), retry after
/// (ms). Keeps "used as_of".
[[nodiscard]] script const& take_script();

/// Arguments: who, most, until, now (ms). Answers as above. Keeps a sorted set: who, by the end of the place.
[[nodiscard]] script const& enter_script();

/// Arguments: amount, until, now (ms). Answers: the sum. Keeps "sum until".
[[nodiscard]] script const& add_script();

}  // namespace parley::redis
