// What /metrics tells: the golden list of names, values, labels, and that many threads may count at once.
#include "adapters/prometheus/prometheus_metrics.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace parley {
namespace {

using namespace std::chrono_literals;

generation_observation seen_generation() {
    generation_observation seen;
    seen.model = "small";
    seen.status = message_status::complete;
    seen.usage = {.input_tokens = 30, .cached_tokens = 20, .output_tokens = 11};
    seen.timings = {.queued_ms = 40, .time_to_first_token_ms = 90, .duration_ms = 590};
    seen.decoding = 500ms;
    return seen;
}

/// Every function once, so that every family has a value.
std::unique_ptr<metrics> exercised() {
    auto told = make_prometheus_metrics({"1.2.3", "abcdef", "g++ 12"});
    told->request("/api/v1/interactions/{interaction_id}", "GET", 200, 3ms);
    told->connection(connection_change::opened);
    told->connection_refused("limit");
    told->event_stream(connection_change::opened);
    told->store_operation("begin_turn", "ok", 2ms);
    told->store_commit(17, 4ms);
    told->generations("small", 2, 5);
    told->generation_finished(seen_generation());
    told->upstream_request({.upstream = "openai",
                            .model = "big",
                            .outcome = "ok",
                            .time_to_first_token = 300ms,
                            .time_per_output_token = 20ms});
    told->upstream_pool("openai", 3, 2);
    told->upstream_streams("openai", "big", 3);
    told->failover("best", "big", "upstream_rate_limited");
    told->breaker("big", 1);
    told->loaded_models(2, 1'048'576);
    return told;
}

bool has_line(std::string const& text, std::string const& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

std::set<std::string> type_lines(std::string const& text) {
    std::set<std::string> names;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# TYPE ")) names.insert(line.substr(7));
    }
    return names;
}

TEST(prometheus_metrics, names_and_types_are_the_golden_ones) {
    std::ifstream file("tests/unit/prometheus/metric_names.golden");
    ASSERT_TRUE(file) << "run from the repository's root";
    std::set<std::string> golden;
    for (std::string line; std::getline(file, line);) golden.insert(line);
    EXPECT_EQ(type_lines(exercised()->exposition()), golden);
}

TEST(prometheus_metrics, names_keep_the_conventions) {
    for (auto const& line : type_lines(exercised()->exposition())) {
        auto const name = line.substr(0, line.find(' '));
        auto const type = line.substr(line.find(' ') + 1);
        EXPECT_TRUE(name.starts_with("parley_") || name.starts_with("process_")) << name;
        EXPECT_EQ(type == "counter", name.ends_with("_total")) << name;
    }
}

TEST(prometheus_metrics, requests_are_told_by_route_method_and_status) {
    auto const text = exercised()->exposition();
    EXPECT_TRUE(has_line(text,
                         "parley_http_requests_total{method=\"GET\",route=\"/api/v1/interactions/"
                         "{interaction_id}\",status=\"200\"} 1"))
        << text;
    EXPECT_TRUE(
        has_line(text,
                 "parley_http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/v1/interactions/"
                 "{interaction_id}\",le=\"0.0025\"} 0"));
    EXPECT_TRUE(
        has_line(text,
                 "parley_http_request_duration_seconds_bucket{method=\"GET\",route=\"/api/v1/interactions/"
                 "{interaction_id}\",le=\"0.005\"} 1"));
}

TEST(prometheus_metrics, labels_are_told_apart_by_content_not_by_address) {
    auto const told = make_prometheus_metrics({});
    std::string route = "/a";
    told->request(route, "GET", 200, 1ms);
    route = "/b";
    told->request(route, "GET", 200, 1ms);
    auto const text = told->exposition();
    EXPECT_TRUE(has_line(text, "parley_http_requests_total{method=\"GET\",route=\"/a\",status=\"200\"} 1"));
    EXPECT_TRUE(has_line(text, "parley_http_requests_total{method=\"GET\",route=\"/b\",status=\"200\"} 1"));
}

TEST(prometheus_metrics, a_new_instance_does_not_count_into_an_old_one) {
    auto const old = exercised();
    auto const told = make_prometheus_metrics({});
    told->store_operation("begin_turn", "ok", 1ms);
    EXPECT_TRUE(
        has_line(told->exposition(),
                 "parley_store_operation_duration_seconds_count{operation=\"begin_turn\",outcome=\"ok\"} 1"));
    EXPECT_TRUE(
        has_line(old->exposition(),
                 "parley_store_operation_duration_seconds_count{operation=\"begin_turn\",outcome=\"ok\"} 1"));
}

TEST(prometheus_metrics, connections_and_streams_go_up_and_down) {
    auto const told = exercised();
    EXPECT_TRUE(has_line(told->exposition(), "parley_http_connections 1"));
    EXPECT_TRUE(has_line(told->exposition(), "parley_http_event_streams 1"));
    told->connection(connection_change::closed);
    told->event_stream(connection_change::closed);
    EXPECT_TRUE(has_line(told->exposition(), "parley_http_connections 0"));
    EXPECT_TRUE(has_line(told->exposition(), "parley_http_event_streams 0"));
}

TEST(prometheus_metrics, generations_and_their_tokens) {
    auto const text = exercised()->exposition();
    EXPECT_TRUE(has_line(text, "parley_generations_running{model=\"small\"} 2"));
    EXPECT_TRUE(has_line(text, "parley_generations_waiting{model=\"small\"} 5"));
    EXPECT_TRUE(has_line(text, "parley_generations_finished_total{model=\"small\",status=\"complete\"} 1"));
    EXPECT_TRUE(has_line(text, "parley_input_tokens_total{model=\"small\"} 30"));
    EXPECT_TRUE(has_line(text, "parley_cached_input_tokens_total{model=\"small\"} 20"));
    EXPECT_TRUE(has_line(text, "parley_output_tokens_total{model=\"small\"} 11"));
    EXPECT_TRUE(has_line(text, "parley_generation_time_per_output_token_seconds_sum{model=\"small\"} 0.05"))
        << text;
    EXPECT_TRUE(has_line(text, "parley_generation_time_to_first_token_seconds_sum{model=\"small\"} 0.09"));
    EXPECT_TRUE(has_line(text, "parley_generation_queued_seconds_sum{model=\"small\"} 0.04"));
}

TEST(prometheus_metrics, a_generation_without_tokens_has_no_token_times) {
    auto const told = make_prometheus_metrics({});
    auto seen = seen_generation();
    seen.status = message_status::failed;
    seen.usage = {};
    seen.timings.time_to_first_token_ms.reset();
    told->generation_finished(seen);
    auto const text = told->exposition();
    EXPECT_TRUE(has_line(text, "parley_generations_finished_total{model=\"small\",status=\"failed\"} 1"));
    EXPECT_EQ(text.find("time_to_first_token"), std::string::npos);
    EXPECT_EQ(text.find("time_per_output_token"), std::string::npos);
}

TEST(prometheus_metrics, a_commit_tells_its_size) {
    auto const text = exercised()->exposition();
    EXPECT_TRUE(has_line(text, "parley_store_commit_writes_bucket{le=\"16\"} 0"));
    EXPECT_TRUE(has_line(text, "parley_store_commit_writes_bucket{le=\"32\"} 1"));
}

TEST(prometheus_metrics, the_cache_tells_what_it_did) {
    auto const told = make_prometheus_metrics({});
    told->cache_lookup("interaction", cache_outcome::hit);
    told->cache_lookup("user", cache_outcome::bypass);
    told->cache_invalidation(true);
    told->cache_invalidation(false);
    told->cache_command(true, 1ms);
    told->cache_command(false, 100ms);
    told->cache_connection(true);
    told->cache_usable(true);
    auto text = told->exposition();
    for (auto const* const line :
         {"parley_cache_lookups_total{kind=\"interaction\",outcome=\"hit\"} 1",
          "parley_cache_lookups_total{kind=\"user\",outcome=\"bypass\"} 1",
          "parley_cache_invalidations_total{outcome=\"delivered\"} 1",
          "parley_cache_invalidations_total{outcome=\"lost\"} 1",
          "parley_cache_command_duration_seconds_count{outcome=\"ok\"} 1",
          "parley_cache_command_duration_seconds_count{outcome=\"failed\"} 1",
          "parley_cache_connections_total{outcome=\"ok\"} 1",
          "parley_cache_connections_total{outcome=\"failed\"} 0", "parley_cache_up 1"}) {
        EXPECT_TRUE(has_line(text, line)) << line << " in\n" << text;
    }
    told->cache_usable(false);
    EXPECT_TRUE(has_line(told->exposition(), "parley_cache_up 0"));
}

TEST(prometheus_metrics, limits_tell_who_counts_them) {
    auto const told = make_prometheus_metrics({});
    told->limiter_usable(true);
    told->limiter_command(true, 1ms);
    told->limiter_command(false, 100ms);
    told->limiter_alone();
    auto const text = told->exposition();
    for (auto const* const line : {"parley_limiter_command_duration_seconds_count{outcome=\"ok\"} 1",
                                   "parley_limiter_command_duration_seconds_count{outcome=\"failed\"} 1",
                                   "parley_limiter_alone_total 1", "parley_limiter_up 1"}) {
        EXPECT_TRUE(has_line(text, line)) << line << " in\n" << text;
    }
    told->limiter_usable(false);
    EXPECT_TRUE(has_line(told->exposition(), "parley_limiter_up 0"));
}

TEST(prometheus_metrics, requests_to_other_servers) {
    auto const told = exercised();
    auto text = told->exposition();
    for (auto const* const line :
         {"parley_upstream_requests_total{model=\"big\",outcome=\"ok\",upstream=\"openai\"} 1",
          "parley_upstream_time_to_first_token_seconds_sum{model=\"big\",upstream=\"openai\"} 0.3",
          "parley_upstream_time_per_output_token_seconds_sum{model=\"big\",upstream=\"openai\"} 0.02",
          "parley_upstream_connections{state=\"in_use\",upstream=\"openai\"} 3",
          "parley_upstream_connections{state=\"idle\",upstream=\"openai\"} 2",
          "parley_upstream_open_streams{model=\"big\",upstream=\"openai\"} 3"}) {
        EXPECT_TRUE(has_line(text, line)) << line << " in\n" << text;
    }
    told->upstream_request({.upstream = "openai", .model = "big", .outcome = "upstream_timeout"});
    told->upstream_request({.upstream = "other", .model = "big", .outcome = "ok"});
    told->upstream_pool("openai", 0, 1);
    told->upstream_streams("openai", "big", 0);
    text = told->exposition();
    for (auto const* const line :
         {"parley_upstream_requests_total{model=\"big\",outcome=\"ok\",upstream=\"openai\"} 1",
          "parley_upstream_requests_total{model=\"big\",outcome=\"upstream_timeout\",upstream=\"openai\"} 1",
          "parley_upstream_requests_total{model=\"big\",outcome=\"ok\",upstream=\"other\"} 1",
          "parley_upstream_time_to_first_token_seconds_count{model=\"big\",upstream=\"openai\"} 1",
          "parley_upstream_time_to_first_token_seconds_count{model=\"big\",upstream=\"other\"} 0",
          "parley_upstream_connections{state=\"in_use\",upstream=\"openai\"} 0",
          "parley_upstream_connections{state=\"idle\",upstream=\"openai\"} 1",
          "parley_upstream_open_streams{model=\"big\",upstream=\"openai\"} 0"}) {
        EXPECT_TRUE(has_line(text, line)) << line << " in\n" << text;
    }
}

TEST(prometheus_metrics, an_outcome_in_the_same_place_is_counted_for_itself) {
    auto const told = make_prometheus_metrics({});
    std::string code = "upstream_failed";
    told->upstream_request({.upstream = "a", .model = "m", .outcome = code});
    code = "upstream_broken";
    told->upstream_request({.upstream = "a", .model = "m", .outcome = code});
    auto const text = told->exposition();
    EXPECT_TRUE(has_line(
        text, "parley_upstream_requests_total{model=\"m\",outcome=\"upstream_failed\",upstream=\"a\"} 1"));
    EXPECT_TRUE(has_line(
        text, "parley_upstream_requests_total{model=\"m\",outcome=\"upstream_broken\",upstream=\"a\"} 1"));
}

TEST(prometheus_metrics, routes_and_loaded_models) {
    auto const told = exercised();
    told->failover("best", "big", "upstream_rate_limited");
    auto text = told->exposition();
    for (auto const* const line :
         {"parley_failovers_total{reason=\"upstream_rate_limited\",route=\"best\",target=\"big\"} 2",
          "parley_breaker_open{target=\"big\"} 1", "parley_loaded_models 2",
          "parley_loaded_models_bytes 1048576"}) {
        EXPECT_TRUE(has_line(text, line)) << line << " in\n" << text;
    }
    told->breaker("big", 0.5);
    told->loaded_models(0, 0);
    text = told->exposition();
    for (auto const* const line : {"parley_breaker_open{target=\"big\"} 0.5", "parley_loaded_models 0",
                                   "parley_loaded_models_bytes 0"}) {
        EXPECT_TRUE(has_line(text, line)) << line << " in\n" << text;
    }
}

TEST(prometheus_metrics, process_figures_are_plausible) {
    auto const text = exercised()->exposition();
    auto const value = [&text](std::string const& name) {
        auto const at = ("\n" + text).find("\n" + name + " ");
        return at == std::string::npos ? -1.0 : std::stod(text.substr(at + name.size()));
    };
    EXPECT_GT(value("process_resident_memory_bytes"), 1e6);
    EXPECT_LT(value("process_resident_memory_bytes"), 1e10);
    EXPECT_GE(value("process_threads"), 1);
    EXPECT_GE(value("process_open_fds"), 3);
    EXPECT_GT(value("process_start_time_seconds"), 1.6e9);
    EXPECT_GE(value("process_cpu_seconds_total"), 0);
}

TEST(prometheus_metrics, counts_of_many_threads_add_up) {
    auto const told = make_prometheus_metrics({});
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&told] {
            for (int n = 0; n < 1000; ++n) told->request("/x", "GET", n % 2 == 0 ? 200 : 404, 1us);
        });
    }
    for (auto& one : threads) one.join();
    auto const text = told->exposition();
    EXPECT_TRUE(
        has_line(text, "parley_http_requests_total{method=\"GET\",route=\"/x\",status=\"200\"} 2000"));
    EXPECT_TRUE(
        has_line(text, "parley_http_request_duration_seconds_count{method=\"GET\",route=\"/x\"} 4000"));
}

}  // namespace
}  // namespace parley
