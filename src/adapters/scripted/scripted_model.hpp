// A language model that says what it is told to: for tests of everything around a model, through the same
// port and the same configuration (kind: scripted). Deterministic; needs no file and no thread.
#pragma once

#include "common/config.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <memory>
#include <optional>

namespace parley {

/// Answers as script.hpp says. Honours stop strings, max_output_tokens, context_window, parallel and
/// max_waiting; sampling parameters change nothing. One delta for each token. Has all abilities, or those
/// that the configuration names. With a price usage has a cost. `statistics` must outlive the model and its
/// generations; a generation may outlive the model.
[[nodiscard]] std::unique_ptr<language_model> make_scripted_model(
    model_config const& settings, metrics& statistics, std::optional<token_price> price = std::nullopt);

}  // namespace parley
