// The port to a cache: bytes that a store can give again, kept under a key for a short time.
//
// A cache is never the source of truth and never a reason to fail: whatever goes wrong inside is a miss, and
// is counted. Two promises make it safe to stand before a store:
//   - a fill is refused when an invalidation of its key came after the token was given, so a slow reader
//   never
//     puts back what a writer has just replaced;
//   - after invalidate() has returned, this process never again gets what was kept before it, whether or not
//     the cache could be reached. Other processes stop seeing it within the cache's time to live.
// An entry dies at most one time to live after its token was given, however late it was filled.
//
// The order of use is: lookup, and on a miss read the store and fill; write to the store, then invalidate
// before the write is acknowledged.
//
// Thread safety: all functions from any event loop; none blocks it, and each ends within the cache's own
// deadline.
#pragma once

#include "common/task.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace parley {

/// The right to fill one key, given by a miss. Opaque to everybody but the cache that made it.
struct fill_token {
    std::uint64_t value = 0;
    std::chrono::steady_clock::time_point given;
};

struct cache_hit {
    std::string bytes;
};

/// Without a token nobody fills: somebody else is about to, or the cache can not be relied on for this key.
struct cache_miss {
    std::optional<fill_token> token;
    bool bypassed = false;  // the cache could not be asked
};

using cache_answer = std::variant<cache_miss, cache_hit>;

enum class cache_state { off, ok, unavailable };

class cache {
public:
    cache() = default;
    cache(cache const&) = delete;
    cache& operator=(cache const&) = delete;
    virtual ~cache() = default;

    /// A key is at most 200 bytes of printable ASCII.
    [[nodiscard]] virtual task<cache_answer> lookup(std::string key) = 0;

    /// Takes effect soon: every lookup of this process that begins later sees it, unless it was refused or
    /// lost.
    virtual void fill(std::string key, fill_token token, std::string bytes) = 0;

    /// Returns when no process that reaches the cache gets the old entry any more, or when the cache has
    /// given up to reach it.
    [[nodiscard]] virtual task<void> invalidate(std::string key) = 0;

    [[nodiscard]] virtual cache_state state() const = 0;
};

}  // namespace parley
