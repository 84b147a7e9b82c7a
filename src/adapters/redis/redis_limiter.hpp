// Limits in Redis, counted together by all processes that use the same prefix. Each decision is one script,
// one round trip.
//
// When Redis can not answer, this process decides alone, by what it has itself let pass, so that limits still
// hold for each process; nothing waits longer than one command may take, and no call fails. That it counts
// alone is told once in the log and by the metrics. A leave() that Redis does not hear holds its place there
// until its end: whoever stays long should enter again and again with a near one.
//
// Thread safety: as the port. Ownership: the metrics outlive it; the event loops that call it are alive until
// close() has returned.
#pragma once

#include "adapters/redis/client.hpp"
#include "adapters/redis/options.hpp"
#include "adapters/redis/script.hpp"
#include "services/limiter.hpp"
#include "services/metrics.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

struct redis_limiter_options {
    redis::options server;
    std::string prefix = "parley";
};

class redis_limiter final : public limiter {
public:
    /// Begins to connect; until that is done `alone` decides, which belongs to nobody else.
    redis_limiter(redis_limiter_options how, std::unique_ptr<limiter> alone, metrics& seen);
    ~redis_limiter() override;

    [[nodiscard]] task<result<limit_verdict>> take(std::string key, rate_limit rate, timestamp now) override;
    [[nodiscard]] task<result<limit_verdict>> enter(std::string key, std::string who, std::int64_t most,
                                                    timestamp until, timestamp now) override;
    void leave(std::string key, std::string who) override;
    void add(std::string key, std::int64_t amount, timestamp until, timestamp now) override;
    [[nodiscard]] task<result<std::int64_t>> sum_of(std::string key, timestamp now) override;

    /// Redis is there: what is counted now is counted together.
    [[nodiscard]] bool is_shared() const { return redis_.current() != nullptr; }
    /// The first attempt to connect has ended within `longest`; not on an event loop.
    [[nodiscard]] bool wait_for_first_attempt(std::chrono::milliseconds longest) const;
    /// Why it counts alone, for people; empty while it does not.
    [[nodiscard]] std::string problem() const { return redis_.problem(); }

    void close() { redis_.close(); }

private:
    void send(std::string command);
    [[nodiscard]] std::string name_of(std::string_view kind, std::string_view key) const;
    [[nodiscard]] std::vector<std::string> probes() const;
    /// Nullopt: Redis has not answered, or with an error, after which the session is given up.
    [[nodiscard]] task<std::optional<redis::reply>> run(redis::script const& what, std::string name,
                                                        std::vector<std::string> arguments);
    [[nodiscard]] task<std::optional<limit_verdict>> decide(redis::script const& what, std::string name,
                                                            std::vector<std::string> arguments);

    std::string const prefix_;
    std::unique_ptr<limiter> const alone_;
    metrics& seen_;
    redis::client redis_;
};

/// What the constructor does, after a look at the file with the authorities. Errors: cache_tls_invalid.
[[nodiscard]] result<std::unique_ptr<redis_limiter>> open_redis_limiter(redis_limiter_options how,
                                                                        std::unique_ptr<limiter> alone,
                                                                        metrics& seen);

}  // namespace parley
