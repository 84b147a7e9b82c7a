#include "adapters/prometheus/families.hpp"

namespace parley {
namespace {

using prometheus::Registry;
using borders = prometheus::Histogram::BucketBoundaries;

prometheus::Family<prometheus::Counter>& counter(Registry& to, char const* name, char const* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(to);
}

prometheus::Family<prometheus::Gauge>& gauge(Registry& to, char const* name, char const* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(to);
}

prometheus::Family<prometheus::Histogram>& histogram(Registry& to, char const* name, char const* help) {
    return prometheus::BuildHistogram().Name(name).Help(help).Register(to);
}

}  // namespace

metric_families::metric_families(Registry& to)
    : http_requests(counter(to, "parley_http_requests_total", "Answered HTTP requests.")),
      http_duration(
          histogram(to, "parley_http_request_duration_seconds",
                    "From a request's whole header to its answer (event streams: to their first byte).")),
      http_connections(gauge(to, "parley_http_connections", "Open client connections.")),
      http_refused(counter(to, "parley_http_connections_refused_total", "Connections turned away.")),
      http_event_streams(gauge(to, "parley_http_event_streams", "Event streams being sent.")),
      store_duration(histogram(to, "parley_store_operation_duration_seconds", "Operations of the store.")),
      commit_writes(histogram(to, "parley_store_commit_writes", "Writes that shared one commit.")),
      commit_duration(histogram(to, "parley_store_commit_duration_seconds", "Commits of the store.")),
      cache_lookups(counter(to, "parley_cache_lookups_total", "Reads that asked the cache first.")),
      cache_invalidations(
          counter(to, "parley_cache_invalidations_total", "Entries made invalid; lost ones did not arrive.")),
      cache_duration(histogram(to, "parley_cache_command_duration_seconds",
                               "Commands to a cache outside of the program.")),
      cache_connections(
          counter(to, "parley_cache_connections_total", "Attempts to connect to a cache outside.")),
      cache_up(gauge(to, "parley_cache_up", "Whether the cache can be used.")),
      limiter_duration(histogram(to, "parley_limiter_command_duration_seconds",
                                 "Commands to what counts limits for several processes.")),
      limiter_alone(counter(to, "parley_limiter_alone_total",
                            "Limits counted by this process alone, because nobody else answered.")),
      limiter_up(gauge(to, "parley_limiter_up", "Whether limits are counted where they should be.")),
      generations_running(gauge(to, "parley_generations_running", "Replies being generated.")),
      generations_waiting(gauge(to, "parley_generations_waiting", "Replies waiting for the model.")),
      generations_finished(
          counter(to, "parley_generations_finished_total", "Finished replies, by their status.")),
      queued(
          histogram(to, "parley_generation_queued_seconds", "From accepting a turn to reading its prompt.")),
      time_to_first_token(histogram(to, "parley_generation_time_to_first_token_seconds",
                                    "From accepting a turn to its first token.")),
      time_per_token(histogram(to, "parley_generation_time_per_output_token_seconds",
                               "Mean time between two tokens of a reply, the first one left out.")),
      input_tokens(counter(to, "parley_input_tokens_total", "Tokens of prompts, cached ones included.")),
      cached_tokens(
          counter(to, "parley_cached_input_tokens_total", "Tokens of prompts read from kept model state.")),
      output_tokens(counter(to, "parley_output_tokens_total", "Generated tokens.")),
      upstream_requests(counter(to, "parley_upstream_requests_total",
                                "Requests to other servers that run models, by how they ended.")),
      upstream_first(histogram(to, "parley_upstream_time_to_first_token_seconds",
                               "From asking another server to the first token of its answer.")),
      upstream_per_token(histogram(to, "parley_upstream_time_per_output_token_seconds",
                                   "Mean time between two tokens of its answer, the first one left out.")),
      upstream_connections(gauge(to, "parley_upstream_connections",
                                 "Connections to other servers, in use and kept for the next request.")),
      upstream_streams(gauge(to, "parley_upstream_open_streams", "Answers of other servers being read.")),
      failovers(
          counter(to, "parley_failovers_total",
                  "Targets of a route that failed before their first token, so that the next was asked.")),
      breaker_open(gauge(to, "parley_breaker_open",
                         "Whether a target is left alone: 1 yes, 0.5 one request tries it, 0 no.")),
      loaded_models(gauge(to, "parley_loaded_models", "Models in memory of those loaded on demand.")),
      loaded_bytes(gauge(to, "parley_loaded_models_bytes", "What those take, as estimated before loading.")),
      build_info(
          gauge(to, "parley_build_info", "Always 1; what this program was built from is in the labels.")) {}

borders const& request_seconds() {
    static borders const values{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                0.25,   0.5,   1,      2.5,   5,    10,    30,   60};
    return values;
}

borders const& store_seconds() {
    static borders const values{0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                0.025,   0.05,   0.1,     0.25,   0.5,   1,      2.5};
    return values;
}

borders const& generation_seconds() {
    static borders const values{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160};
    return values;
}

borders const& token_seconds() {
    static borders const values{0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1};
    return values;
}

borders const& batch_sizes() {
    static borders const values{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};
    return values;
}

}  // namespace parley
