#include "adapters/prometheus/prometheus_metrics.hpp"

#include "adapters/prometheus/families.hpp"
#include "adapters/prometheus/handle_cache.hpp"
#include "adapters/prometheus/process_figures.hpp"

#include <prometheus/text_serializer.h>

#include <atomic>
#include <cstdint>

namespace parley {
namespace {

struct request_handles {
    prometheus::Counter* count = nullptr;
    prometheus::Histogram* duration = nullptr;
};

struct upstream_handles {
    prometheus::Histogram* first_token = nullptr;
    prometheus::Histogram* per_token = nullptr;
};

struct pool_handles {
    prometheus::Gauge* in_use = nullptr;
    prometheus::Gauge* idle = nullptr;
};

double seconds(std::chrono::nanoseconds duration) { return std::chrono::duration<double>(duration).count(); }
double seconds_of_ms(std::int64_t ms) { return static_cast<double>(ms) / 1000; }

double change_of(connection_change change) { return change == connection_change::opened ? 1 : -1; }

std::string_view word_of(cache_outcome outcome) {
    switch (outcome) {
        case cache_outcome::hit:
            return "hit";
        case cache_outcome::miss:
            return "miss";
        case cache_outcome::bypass:
            return "bypass";
    }
    return "miss";
}

std::uint64_t next_owner() {
    static std::atomic<std::uint64_t> last = 0;
    return ++last;
}

class prometheus_metrics final : public metrics {
public:
    explicit prometheus_metrics(build_info const& build)
        : families_(registry_),
          connections_(families_.http_connections.Add({})),
          event_streams_(families_.http_event_streams.Add({})),
          commit_writes_(families_.commit_writes.Add({}, batch_sizes())),
          commit_duration_(families_.commit_duration.Add({}, store_seconds())),
          delivered_(families_.cache_invalidations.Add({{"outcome", "delivered"}})),
          lost_(families_.cache_invalidations.Add({{"outcome", "lost"}})),
          answered_(families_.cache_duration.Add({{"outcome", "ok"}}, store_seconds())),
          failed_(families_.cache_duration.Add({{"outcome", "failed"}}, store_seconds())),
          cache_up_(families_.cache_up.Add({})),
          limit_answered_(families_.limiter_duration.Add({{"outcome", "ok"}}, store_seconds())),
          limit_failed_(families_.limiter_duration.Add({{"outcome", "failed"}}, store_seconds())),
          limiter_alone_(families_.limiter_alone.Add({})),
          limiter_up_(families_.limiter_up.Add({})) {
        families_.cache_lookups.Add({{"kind", "interaction"}, {"outcome", "hit"}});
        families_.cache_connections.Add({{"outcome", "failed"}});
        families_.http_refused.Add({{"reason", "limit"}});
        families_.build_info
            .Add({{"version", build.version}, {"commit", build.commit}, {"compiler", build.compiler}})
            .Set(1);
    }

    void request(std::string_view route, std::string_view method, unsigned status,
                 std::chrono::nanoseconds duration) override {
        thread_local handle_cache<request_handles> cache;
        auto const found = cache.find(owner_, {.first = route, .second = method, .number = status}, [&] {
            return request_labels(std::string(route), std::string(method), status);
        });
        found.count->Increment();
        found.duration->Observe(seconds(duration));
    }

    void connection(connection_change change) override { connections_.Increment(change_of(change)); }

    void connection_refused(std::string_view reason) override {
        families_.http_refused.Add({{"reason", std::string(reason)}}).Increment();
    }

    void event_stream(connection_change change) override { event_streams_.Increment(change_of(change)); }

    void store_operation(std::string_view operation, std::string_view outcome,
                         std::chrono::nanoseconds duration) override {
        thread_local handle_cache<prometheus::Histogram*> cache;
        auto* const found = cache.find(owner_, {.first = operation, .second = outcome}, [&] {
            return &families_.store_duration.Add(
                {{"operation", std::string(operation)}, {"outcome", std::string(outcome)}}, store_seconds());
        });
        found->Observe(seconds(duration));
    }

    void store_commit(std::size_t writes, std::chrono::nanoseconds duration) override {
        commit_writes_.Observe(static_cast<double>(writes));
        commit_duration_.Observe(seconds(duration));
    }

    void cache_lookup(std::string_view kind, cache_outcome outcome) override {
        thread_local handle_cache<prometheus::Counter*> cache;
        auto* const found = cache.find(owner_, {.first = kind, .second = word_of(outcome)}, [&] {
            return &families_.cache_lookups.Add(
                {{"kind", std::string(kind)}, {"outcome", std::string(word_of(outcome))}});
        });
        found->Increment();
    }

    void cache_invalidation(bool delivered) override { (delivered ? delivered_ : lost_).Increment(); }

    void cache_command(bool answered, std::chrono::nanoseconds duration) override {
        (answered ? answered_ : failed_).Observe(seconds(duration));
    }

    void cache_connection(bool established) override {
        families_.cache_connections.Add({{"outcome", established ? "ok" : "failed"}}).Increment();
    }

    void cache_usable(bool usable) override { cache_up_.Set(usable ? 1 : 0); }

    void limiter_usable(bool usable) override { limiter_up_.Set(usable ? 1 : 0); }
    void limiter_command(bool answered, std::chrono::nanoseconds duration) override {
        (answered ? limit_answered_ : limit_failed_).Observe(seconds(duration));
    }
    void limiter_alone() override { limiter_alone_.Increment(); }

    void generations(std::string_view model, std::size_t running, std::size_t waiting) override {
        prometheus::Labels const labels{{"model", std::string(model)}};
        families_.generations_running.Add(labels).Set(static_cast<double>(running));
        families_.generations_waiting.Add(labels).Set(static_cast<double>(waiting));
    }

    void generation_finished(generation_observation const& seen) override {
        std::string const model(seen.model);
        prometheus::Labels const labels{{"model", model}};
        families_.generations_finished.Add({{"model", model}, {"status", std::string(to_text(seen.status))}})
            .Increment();
        families_.input_tokens.Add(labels).Increment(static_cast<double>(seen.usage.input_tokens));
        families_.cached_tokens.Add(labels).Increment(static_cast<double>(seen.usage.cached_tokens));
        families_.output_tokens.Add(labels).Increment(static_cast<double>(seen.usage.output_tokens));
        families_.queued.Add(labels, generation_seconds()).Observe(seconds_of_ms(seen.timings.queued_ms));
        if (seen.timings.time_to_first_token_ms) {
            families_.time_to_first_token.Add(labels, generation_seconds())
                .Observe(seconds_of_ms(*seen.timings.time_to_first_token_ms));
        }
        if (seen.usage.output_tokens > 1) {
            auto const gaps = static_cast<double>(seen.usage.output_tokens - 1);
            families_.time_per_token.Add(labels, token_seconds()).Observe(seconds(seen.decoding) / gaps);
        }
    }

    void upstream_request(upstream_observation const& seen) override {
        thread_local handle_cache<prometheus::Counter*> ends;
        auto* const end =
            ends.find(owner_, {.first = seen.upstream, .second = seen.model, .third = seen.outcome}, [&] {
                auto labels = upstream_labels(seen.upstream, seen.model);
                labels.emplace("outcome", seen.outcome);
                return &families_.upstream_requests.Add(labels);
            });
        end->Increment();
        thread_local handle_cache<upstream_handles> cache;
        auto const times = cache.find(owner_, {.first = seen.upstream, .second = seen.model}, [&] {
            auto const labels = upstream_labels(seen.upstream, seen.model);
            return upstream_handles{&families_.upstream_first.Add(labels, generation_seconds()),
                                    &families_.upstream_per_token.Add(labels, token_seconds())};
        });
        if (seen.time_to_first_token) times.first_token->Observe(seconds(*seen.time_to_first_token));
        if (seen.time_per_output_token) times.per_token->Observe(seconds(*seen.time_per_output_token));
    }

    void upstream_pool(std::string_view upstream, std::size_t in_use, std::size_t idle) override {
        thread_local handle_cache<pool_handles> cache;
        auto const found = cache.find(owner_, {.first = upstream}, [&] {
            auto const of_state = [&](char const* state) {
                return &families_.upstream_connections.Add(
                    {{"upstream", std::string(upstream)}, {"state", state}});
            };
            return pool_handles{of_state("in_use"), of_state("idle")};
        });
        found.in_use->Set(static_cast<double>(in_use));
        found.idle->Set(static_cast<double>(idle));
    }

    void upstream_streams(std::string_view upstream, std::string_view model, std::size_t open) override {
        thread_local handle_cache<prometheus::Gauge*> cache;
        auto* const found = cache.find(owner_, {.first = upstream, .second = model}, [&] {
            return &families_.upstream_streams.Add(upstream_labels(upstream, model));
        });
        found->Set(static_cast<double>(open));
    }

    void failover(std::string_view route, std::string_view target, std::string_view why) override {
        families_.failovers
            .Add({{"route", std::string(route)},
                  {"target", std::string(target)},
                  {"reason", std::string(why)}})
            .Increment();
    }

    void breaker(std::string_view target, double openness) override {
        families_.breaker_open.Add({{"target", std::string(target)}}).Set(openness);
    }

    void loaded_models(std::size_t count, std::size_t bytes) override {
        families_.loaded_models.Add({}).Set(static_cast<double>(count));
        families_.loaded_bytes.Add({}).Set(static_cast<double>(bytes));
    }

    std::string exposition() override {
        auto all = registry_.Collect();
        for (auto& one : process_figures()) all.push_back(std::move(one));
        return prometheus::TextSerializer().Serialize(all);
    }

private:
    static prometheus::Labels upstream_labels(std::string_view upstream, std::string_view model) {
        return {{"upstream", std::string(upstream)}, {"model", std::string(model)}};
    }

    request_handles request_labels(std::string const& route, std::string const& method, unsigned status) {
        return {&families_.http_requests.Add(
                    {{"route", route}, {"method", method}, {"status", std::to_string(status)}}),
                &families_.http_duration.Add({{"route", route}, {"method", method}}, request_seconds())};
    }

    std::uint64_t const owner_ = next_owner();  // tells instances apart in the threads' caches
    prometheus::Registry registry_;
    metric_families families_;
    prometheus::Gauge& connections_;
    prometheus::Gauge& event_streams_;
    prometheus::Histogram& commit_writes_;
    prometheus::Histogram& commit_duration_;
    prometheus::Counter& delivered_;
    prometheus::Counter& lost_;
    prometheus::Histogram& answered_;
    prometheus::Histogram& failed_;
    prometheus::Gauge& cache_up_;
    prometheus::Histogram& limit_answered_;
    prometheus::Histogram& limit_failed_;
    prometheus::Counter& limiter_alone_;
    prometheus::Gauge& limiter_up_;
};

}  // namespace

std::unique_ptr<metrics> make_prometheus_metrics(build_info const& build) {
    return std::make_unique<prometheus_metrics>(build);
}

}  // namespace parley
