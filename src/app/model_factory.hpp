// From configuration to the models that are offered: embedded ones that begin to load, those of other
// servers, and routes over them.
#pragma once

#include "adapters/upstream/upstream_client.hpp"
#include "common/config.hpp"
#include "common/error.hpp"
#include "modules/models/model_memory.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace parley {

using upstream_list = std::vector<std::shared_ptr<upstream::upstream>>;

/// What is made of the configuration. `models` are in its order; of each `loaded` tells how much is loaded at
/// the start (0–1), written by its loading thread. Ownership: the models borrow `memory` and the metrics.
struct made_models {
    std::unique_ptr<model_memory> memory;
    upstream_list upstreams;
    std::vector<std::unique_ptr<language_model>> models;
    std::vector<std::shared_ptr<std::atomic<double>>> loaded;
};

/// A model that cannot be loaded is made all the same: it says so when asked. `seen` outlives the models.
/// Errors: a sentence that says what is wrong with an upstream.
[[nodiscard]] result<made_models> make_models(config const& settings, metrics& seen);

/// A model of another server, offered as a route with itself as its only target.
[[nodiscard]] std::unique_ptr<language_model> make_remote_model(
    std::shared_ptr<upstream::upstream> const& server, model_config const& settings, metrics& seen);

}  // namespace parley
