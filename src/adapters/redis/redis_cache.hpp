// The cache in Redis, shared by all processes that use the same prefix.
//
// What is kept under a key is either an entry or a lease, a random number that the one who is about to fill
// has put there. A fill replaces only its own lease, an invalidation deletes either. Both live for one time
// to live from the lease on, by Redis's own clock. Keys begin with the prefix and the identity of this run of
// this server, so that nothing from before a restart or a fail-over is ever found.
//
// Thread safety: as the port. Ownership: the metrics outlive it; the event loops that call it are alive until
// close() has returned.
#pragma once

#include "adapters/redis/client.hpp"
#include "adapters/redis/doubtful_keys.hpp"
#include "adapters/redis/options.hpp"
#include "services/cache.hpp"
#include "services/metrics.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace parley {

struct redis_cache_options {
    redis::options server;
    std::string prefix = "parley";
    std::chrono::milliseconds ttl{5'000};
    std::size_t most_doubtful =
        10'000;  // invalidations that did not arrive, before the whole cache is passed by
};

class redis_cache final : public cache {
public:
    /// Begins to connect; until that is done the cache is passed by.
    redis_cache(redis_cache_options how, metrics& seen);
    ~redis_cache() override;

    [[nodiscard]] task<cache_answer> lookup(std::string key) override;
    void fill(std::string key, fill_token token, std::string bytes) override;
    [[nodiscard]] task<void> invalidate(std::string key) override;
    [[nodiscard]] cache_state state() const override;

    /// The first attempt to connect has ended within `longest`; not on an event loop.
    [[nodiscard]] bool wait_for_first_attempt(std::chrono::milliseconds longest) const;
    /// Why it is unavailable, for people; empty while it is not.
    [[nodiscard]] std::string problem() const { return redis_.problem(); }

    void close() { redis_.close(); }

private:
    [[nodiscard]] std::string name_of(redis::session const& at, std::string const& key) const;
    [[nodiscard]] std::string lifetime() const;
    [[nodiscard]] std::vector<std::string> probes(redis::session const& at) const;
    [[nodiscard]] task<cache_answer> take_lease(redis::session_ref at, std::string name);

    std::string const prefix_;
    std::chrono::milliseconds const ttl_;
    metrics& seen_;
    redis::doubtful_keys doubts_;
    redis::client redis_;
};

/// What the constructor does, after a look at the file with the authorities. Errors: cache_tls_invalid.
[[nodiscard]] result<std::unique_ptr<redis_cache>> open_redis_cache(redis_cache_options how, metrics& seen);

}  // namespace parley
