// What the server tells about itself. Thread safety: every function from any thread, cheap enough for every
// request. Labels are bounded: route templates, methods, statuses, model names and operation names, never ids
// or text.
#pragma once

#include "entities/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

enum class connection_change { opened, closed };

/// How a cache answered: with the entry, without it, or not at all.
enum class cache_outcome { hit, miss, bypass };

/// One finished generation.
struct generation_observation {
    std::string_view model;
    message_status status = message_status::complete;
    token_usage usage;
    turn_timings timings;
    std::chrono::milliseconds decoding{};  // first token to last
};

/// One request to another server that runs models.
struct upstream_observation {
    std::string_view upstream;
    std::string_view model;
    std::string_view outcome;  // "ok", "stopped", or the code of the error
    std::optional<std::chrono::nanoseconds> time_to_first_token{};
    std::optional<std::chrono::nanoseconds> time_per_output_token{};
};

class metrics {
public:
    metrics() = default;
    metrics(metrics const&) = delete;
    metrics& operator=(metrics const&) = delete;
    virtual ~metrics() = default;

    /// `route` is the template, e.g. "/api/v1/interactions/{interaction_id}"; "unmatched" when there was
    /// none.
    virtual void request(std::string_view route, std::string_view method, unsigned status,
                         std::chrono::nanoseconds duration) = 0;
    virtual void connection(connection_change change) = 0;
    virtual void connection_refused(std::string_view reason) = 0;  // "limit"
    virtual void event_stream(connection_change change) = 0;

    /// `outcome` is "ok" or the error's code.
    virtual void store_operation(std::string_view operation, std::string_view outcome,
                                 std::chrono::nanoseconds duration) = 0;
    /// One group commit: how many writes shared it and how long it took.
    virtual void store_commit(std::size_t writes, std::chrono::nanoseconds duration) = 0;

    // Who is not interested in caches leaves these five alone.
    /// A read that asked the cache first; `kind` is what was read: "interaction" or "user".
    virtual void cache_lookup(std::string_view /*kind*/, cache_outcome) {}
    /// Whether an invalidation reached the cache.
    virtual void cache_invalidation(bool /*delivered*/) {}
    /// A command to a cache outside of this process.
    virtual void cache_command(bool /*answered*/, std::chrono::nanoseconds) {}
    /// An attempt to connect to it.
    virtual void cache_connection(bool /*established*/) {}
    /// A gauge: whether the cache can be used.
    virtual void cache_usable(bool /*usable*/) {}

    // Who counts no limits leaves these three alone.
    /// A gauge: whether limits are counted where the configuration says; in the process that is always so.
    virtual void limiter_usable(bool /*usable*/) {}
    /// A command to what counts for several processes.
    virtual void limiter_command(bool /*answered*/, std::chrono::nanoseconds) {}
    /// A decision that this process has made by itself, because nobody answered.
    virtual void limiter_alone() {}

    /// Gauges, set by whoever knows: generations decoding and waiting for their turn.
    virtual void generations(std::string_view model, std::size_t running, std::size_t waiting) = 0;
    virtual void generation_finished(generation_observation const& seen) = 0;

    // Who is not interested in other servers leaves these alone.
    virtual void upstream_request(upstream_observation const&) {}
    /// Gauges: connections of the pool that are in use and that are kept for the next request, and streams
    /// that are being read.
    virtual void upstream_pool(std::string_view /*upstream*/, std::size_t /*in_use*/, std::size_t /*idle*/) {}
    virtual void upstream_streams(std::string_view /*upstream*/, std::string_view /*model*/, std::size_t) {}
    /// One target of `route` has failed before its first token, and the next one is asked; `why` is the code.
    virtual void failover(std::string_view /*route*/, std::string_view /*target*/, std::string_view /*why*/) {
    }
    /// A gauge: 0 closed, 0.5 half open, 1 open.
    virtual void breaker(std::string_view /*target*/, double /*openness*/) {}
    /// A gauge: models in memory, of those that are loaded on demand, and their estimated bytes.
    virtual void loaded_models(std::size_t /*count*/, std::size_t /*bytes*/) {}

    /// The text exposition format of Prometheus.
    [[nodiscard]] virtual std::string exposition() = 0;
};

/// For tests and tools: forgets everything.
class no_metrics : public metrics {
public:
    void request(std::string_view, std::string_view, unsigned, std::chrono::nanoseconds) override {}
    void connection(connection_change) override {}
    void connection_refused(std::string_view) override {}
    void event_stream(connection_change) override {}
    void store_operation(std::string_view, std::string_view, std::chrono::nanoseconds) override {}
    void store_commit(std::size_t, std::chrono::nanoseconds) override {}
    void generations(std::string_view, std::size_t, std::size_t) override {}
    void generation_finished(generation_observation const&) override {}
    [[nodiscard]] std::string exposition() override { return {}; }
};

}  // namespace parley
