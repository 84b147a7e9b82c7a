// From configuration to models that begin to load.
#pragma once

#include "common/config.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace parley {

/// A model and how much of it is loaded (0–1), written by its loading thread.
struct made_model {
    std::unique_ptr<language_model> model;
    std::shared_ptr<std::atomic<double>> loaded;
};

/// A model that cannot be loaded is made all the same: it says so when asked.
[[nodiscard]] made_model make_model(model_config const& settings, metrics& seen);

}  // namespace parley
