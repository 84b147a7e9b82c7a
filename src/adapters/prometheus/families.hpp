// Every metric family of the program, by name. Part of the product's contract: names change only with the
// changelog.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace parley {

struct metric_families {
    using counters = prometheus::Family<prometheus::Counter>&;
    using gauges = prometheus::Family<prometheus::Gauge>&;
    using histograms = prometheus::Family<prometheus::Histogram>&;

    explicit metric_families(prometheus::Registry& registry);

    counters http_requests;    // route, method, status
    histograms http_duration;  // route, method
    gauges http_connections;
    counters http_refused;  // reason
    gauges http_event_streams;
    histograms store_duration;  // operation, outcome
    histograms commit_writes;
    histograms commit_duration;
    counters cache_lookups;        // kind, outcome
    counters cache_invalidations;  // outcome
    histograms cache_duration;     // outcome
    counters cache_connections;    // outcome
    gauges cache_up;
    histograms limiter_duration;  // outcome
    counters limiter_alone;
    gauges limiter_up;
    gauges generations_running;      // model
    gauges generations_waiting;      // model
    counters generations_finished;   // model, status
    histograms queued;               // model
    histograms time_to_first_token;  // model
    histograms time_per_token;       // model
    counters input_tokens;           // model
    counters cached_tokens;          // model
    counters output_tokens;          // model
    counters upstream_requests;      // upstream, model, outcome
    histograms upstream_first;       // upstream, model: time to first token
    histograms upstream_per_token;   // upstream, model
    gauges upstream_connections;     // upstream, state
    gauges upstream_streams;         // upstream, model
    counters failovers;              // route, target, reason
    gauges breaker_open;             // target
    gauges loaded_models;
    gauges loaded_bytes;
    gauges build_info;  // version, commit, compiler
};

/// Bucket borders in seconds, and in writes of one commit.
[[nodiscard]] prometheus::Histogram::BucketBoundaries const& request_seconds();
[[nodiscard]] prometheus::Histogram::BucketBoundaries const& store_seconds();
[[nodiscard]] prometheus::Histogram::BucketBoundaries const& generation_seconds();
[[nodiscard]] prometheus::Histogram::BucketBoundaries const& token_seconds();
[[nodiscard]] prometheus::Histogram::BucketBoundaries const& batch_sizes();

}  // namespace parley
