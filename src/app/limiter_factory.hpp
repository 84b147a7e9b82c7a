// From configuration to where is counted what users do.
#pragma once

#include "common/config.hpp"
#include "common/error.hpp"
#include "services/limiter.hpp"
#include "services/metrics.hpp"

#include <functional>
#include <memory>

namespace parley {

struct made_limiter {
    std::unique_ptr<limiter> value;
    std::function<void()> close;  // while the event loops are alive still
};

/// `seen` outlives it. Errors: a sentence for the operator.
[[nodiscard]] result<made_limiter> make_limiter(config const& settings, metrics& seen);

}  // namespace parley
