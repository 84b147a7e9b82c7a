// Models that run inside this program.
#pragma once

#include "common/config.hpp"
#include "modules/models/model_memory.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <atomic>
#include <memory>

namespace parley {

/// Of kind llama or scripted. `loaded` (0–1) is written by its loading thread; one that is loaded on demand
/// sets it to 1 at once.
[[nodiscard]] std::unique_ptr<language_model> make_embedded_model(
    model_config const& settings, model_memory& memory, metrics& seen,
    std::shared_ptr<std::atomic<double>> loaded);

}  // namespace parley
