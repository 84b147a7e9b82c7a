#include "app/model_factory.hpp"

#include "adapters/upstream/upstream_model.hpp"
#include "app/embedded_models.hpp"
#include "app/model_price.hpp"
#include "common/config_load.hpp"
#include "modules/routing/routed_model.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <map>
#include <utility>

namespace parley {
namespace {

using target_map = std::map<std::string, std::shared_ptr<route_target>, std::less<>>;

result<upstream_list> make_upstreams(std::vector<upstream_config> const& settings, metrics& seen) {
    upstream_list made;
    made.reserve(settings.size());
    auto const variables = process_environment();
    upstream::proxy_environment const environment{variables.begin(), variables.end()};
    for (auto const& one : settings) {
        auto server = upstream::make_upstream(one, environment, seen);
        if (!server) {
            return std::unexpected(server.error());  // it names the upstream
        }
        made.push_back(std::move(*server));
    }
    return made;
}

struct remote {
    std::unique_ptr<language_model> model;
    std::shared_ptr<route_target> target;
};

remote route_to_itself(std::shared_ptr<upstream::upstream> const& server, model_config const& settings,
                       metrics& seen) {
    auto inner = upstream::make_upstream_model(server, settings, price_of(settings));
    target_options chosen;
    chosen.name = settings.name;
    chosen.limit = settings.parallel;
    chosen.breaker = {.failures = settings.breaker_failures, .open_for = settings.breaker_open};
    auto target = std::make_shared<route_target>(*inner, std::move(chosen), seen);
    std::vector<std::unique_ptr<language_model>> owned;
    owned.push_back(std::move(inner));
    route_options options;
    options.name = settings.name;
    options.kind = "upstream";
    return {make_routed_model(std::move(options), {target}, seen, std::move(owned)), target};
}

/// Being refused by an embedded model costs nothing, so it has no breaker.
std::shared_ptr<route_target> target_of(language_model& model, std::string name, metrics& seen) {
    target_options chosen;
    chosen.name = std::move(name);
    chosen.breaker.failures = 0;
    return std::make_shared<route_target>(model, std::move(chosen), seen);
}

/// Checked to be whole numbers when the configuration was read.
std::vector<std::uint64_t> weights_of(model_config const& settings) {
    std::vector<std::uint64_t> weights;
    weights.reserve(settings.weights.size());
    for (auto const& text : settings.weights) {
        std::uint64_t weight = 0;
        std::from_chars(text.data(), text.data() + text.size(), weight);
        weights.push_back(weight);
    }
    return weights;
}

std::unique_ptr<language_model> make_route(model_config const& settings, target_map const& known,
                                           metrics& seen) {
    std::vector<std::shared_ptr<route_target>> targets;
    targets.reserve(settings.targets.size());
    for (auto const& name : settings.targets) targets.push_back(known.at(name));
    route_options options;
    options.name = settings.name;
    options.hedge_after = settings.hedge_after;
    options.weights = weights_of(settings);
    return make_routed_model(std::move(options), std::move(targets), seen);
}

}  // namespace

std::unique_ptr<language_model> make_remote_model(std::shared_ptr<upstream::upstream> const& server,
                                                  model_config const& settings, metrics& seen) {
    return route_to_itself(server, settings, seen).model;
}

result<made_models> make_models(config const& settings, metrics& seen) {
    made_models made;
    auto upstreams = make_upstreams(settings.upstreams, seen);
    if (!upstreams) return std::unexpected(upstreams.error());
    made.upstreams = std::move(*upstreams);
    made.memory =
        std::make_unique<model_memory>(model_memory_options{.budget = settings.model_memory_bytes}, seen);

    target_map targets;
    for (auto const& one : settings.models) {
        auto loaded = std::make_shared<std::atomic<double>>(one.kind == "llama" ? 0.0 : 1.0);
        made.loaded.push_back(loaded);
        if (one.kind == "route") {
            made.models.push_back(nullptr);  // when all that it may name are there
        } else if (one.kind == "upstream") {
            auto const server =
                std::ranges::find(made.upstreams, one.upstream, [](auto const& up) { return up->name(); });
            auto remote = route_to_itself(*server, one, seen);
            targets.emplace(one.name, std::move(remote.target));
            made.models.push_back(std::move(remote.model));
        } else {
            made.models.push_back(make_embedded_model(one, *made.memory, seen, std::move(loaded)));
            targets.emplace(one.name, target_of(*made.models.back(), one.name, seen));
        }
    }
    for (std::size_t i = 0; i < settings.models.size(); ++i) {
        if (!made.models[i]) made.models[i] = make_route(settings.models[i], targets, seen);
    }
    return made;
}

}  // namespace parley
