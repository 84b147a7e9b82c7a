// A language model that is made of others: its targets are asked in order, and where one fails before its
// first token the next one is asked. Which one replied, and what became of the others, is in the end's
// attempts.
//
// Thread safety: as a language_model. Ownership: shares the targets with other routes; they borrow their
// models, which outlive the route, apart from those that it is given.
#pragma once

#include "modules/routing/route_target.hpp"
#include "modules/routing/target_order.hpp"
#include "services/clock.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace parley {

struct route_options {
    std::string name;
    std::string kind = "route";  // what info() says
    // When no token has come for so long the next target is asked beside, and whoever is first wins; 0:
    // never. No more than two are asked at once.
    std::chrono::milliseconds hedge_after{0};
    // For a place when those that could be asked have as many requests as they take.
    std::chrono::milliseconds longest_wait{30'000};
    // Of the first so many targets: how often each is the first to be asked. Empty: always in order.
    std::vector<std::uint64_t> weights{};
    random_source random = random_below;
    steady_source now = steady_now;
};

/// At least one target. `owned` are models that nobody else has; they go with the route.
[[nodiscard]] std::unique_ptr<language_model> make_routed_model(
    route_options options, std::vector<std::shared_ptr<route_target>> targets, metrics& seen,
    std::vector<std::unique_ptr<language_model>> owned = {});

}  // namespace parley
