// The port behind which is counted how much each user and key does: requests in a time, things at once,
// amounts in a day. In one process, or in Redis for several; what one call decides is decided atomically for
// all.
//
// Thread safety: every function from any event loop. Errors: store_unavailable, store_timeout of what counts;
// whoever asks decides whether to let the request pass then.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "common/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace parley {

/// So many in a time: a bucket that holds `amount` and fills evenly within `window`.
struct rate_limit {
    std::int64_t amount = 0;  // at least 1
    std::chrono::milliseconds window{};
    bool operator==(rate_limit const&) const = default;
};

struct limit_verdict {
    bool is_allowed = true;
    std::int64_t remaining = 0;               // after this one
    std::chrono::milliseconds full_again{};   // until nothing is used any more
    std::chrono::milliseconds retry_after{};  // when it was refused: until it would be allowed
    bool operator==(limit_verdict const&) const = default;
};

class limiter {
public:
    limiter() = default;
    limiter(limiter const&) = delete;
    limiter& operator=(limiter const&) = delete;
    virtual ~limiter() = default;

    /// Takes one of `rate`, unless none is left: then nothing is taken.
    [[nodiscard]] virtual task<result<limit_verdict>> take(std::string key, rate_limit rate,
                                                           timestamp now) = 0;

    /// One of at most `most` places, until leave() or, for who dies, `until`; entering again moves that.
    [[nodiscard]] virtual task<result<limit_verdict>> enter(std::string key, std::string who,
                                                            std::int64_t most, timestamp until,
                                                            timestamp now) = 0;
    /// In the background: nobody waits for it. Of who fails to leave the place is free at `until`.
    virtual void leave(std::string key, std::string who) = 0;

    /// Adds to a sum that is forgotten at `until`. In the background, too.
    virtual void add(std::string key, std::int64_t amount, timestamp until, timestamp now) = 0;
    [[nodiscard]] virtual task<result<std::int64_t>> sum_of(std::string key, timestamp now) = 0;
};

}  // namespace parley
