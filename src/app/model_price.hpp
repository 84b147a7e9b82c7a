// From prices as they are configured to those that costs are counted with.
#pragma once

#include "common/config.hpp"
#include "entities/cost.hpp"

#include <optional>

namespace parley {

/// Nothing when all three prices are 0: such a model has none, and its replies have no cost.
[[nodiscard]] std::optional<token_price> price_of(model_config const& settings);

}  // namespace parley
