// The port behind which is counted how much each user and key does: requests in a time, things at once,
// amounts in a day. In one process, or in Redis for several; what one call decides is decided atomically for
// all.
//
// Time is what the caller says. A clock that goes back makes nobody wait more than one window longer; servers
// whose clocks differ by less than a window give nobody more than is allowed.
//
// Thread safety: every function from any event loop. Errors: store_unavailable, store_timeout of what counts;
// whoever asks decides whether to let the request pass then.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "common/timestamp.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

namespace parley {

/// So many in a time: a bucket that holds `amount` and fills evenly within `window`.
struct rate_limit {
    std::int64_t amount = 0;             // at least 1
    std::chrono::milliseconds window{};  // from 1 ms to 366 days; for one key always the same
    bool operator==(rate_limit const&) const = default;
};

/// Up to here everybody counts exactly, in scripts of Redis too, which know no whole numbers but those of a
/// double. More is taken as this.
inline constexpr std::int64_t most_counted = std::int64_t{1} << 53;

/// The nearest rate that is counted exactly: `amount` has to stay below most_counted divided by the
/// milliseconds of `window` (150 thousand million in a minute).
[[nodiscard]] constexpr rate_limit countable(rate_limit wanted) {
    using std::chrono::milliseconds;
    auto const window = std::clamp<milliseconds>(wanted.window, milliseconds{1}, std::chrono::days{366});
    auto const most = most_counted / window.count() - 1;
    return {std::clamp<std::int64_t>(wanted.amount, 1, most), window};
}

struct limit_verdict {
    bool is_allowed = true;
    std::int64_t remaining = 0;               // after this one
    std::chrono::milliseconds full_again{};   // until nothing is used any more, if nothing else comes
    std::chrono::milliseconds retry_after{};  // when it was refused: until it would be allowed
    bool operator==(limit_verdict const&) const = default;
};

class limiter {
public:
    limiter() = default;
    limiter(limiter const&) = delete;
    limiter& operator=(limiter const&) = delete;
    virtual ~limiter() = default;

    /// Takes one of `rate`, unless none is left: then nothing is taken. When the amount has changed, what was
    /// taken before still counts, as so many.
    [[nodiscard]] virtual task<result<limit_verdict>> take(std::string key, rate_limit rate,
                                                           timestamp now) = 0;

    /// One of at most `most` places, until leave() or, for who dies, `until`; entering again moves that, and
    /// is allowed when `most` has become less meanwhile. Without a leave() a place becomes free at the
    /// earliest `until`: that is what retry_after tells, and 0 when `most` is 0.
    [[nodiscard]] virtual task<result<limit_verdict>> enter(std::string key, std::string who,
                                                            std::int64_t most, timestamp until,
                                                            timestamp now) = 0;
    /// Who is not there leaves nothing. Nobody waits for it; what is asked later by the same caller finds it
    /// done.
    virtual void leave(std::string key, std::string who) = 0;

    /// Adds to a sum that is forgotten at `until`; when a later call says an earlier time, at that. The sum
    /// stays between 0 and most_counted. Nobody waits for it, as above.
    virtual void add(std::string key, std::int64_t amount, timestamp until, timestamp now) = 0;
    [[nodiscard]] virtual task<result<std::int64_t>> sum_of(std::string key, timestamp now) = 0;
};

}  // namespace parley
