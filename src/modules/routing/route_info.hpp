// What a route says about itself, out of what its targets say.
// Thread safety: plain functions. Ownership: values only.
#pragma once

#include "modules/routing/route_target.hpp"
#include "services/language_model.hpp"

#include <memory>
#include <span>

namespace parley {

/// All but name, kind and running.
[[nodiscard]] model_info info_of(std::span<std::shared_ptr<route_target> const> targets);

}  // namespace parley
