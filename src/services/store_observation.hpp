// Tells the metrics of one call of a store. Thread safety and ownership: of the call that it observes.
#pragma once

#include "common/error.hpp"
#include "services/metrics.hpp"

#include <chrono>
#include <string_view>

namespace parley {

class store_observation {
public:
    store_observation(metrics& seen, std::string_view operation) : seen_(seen), operation_(operation) {}

    /// Passes the outcome on.
    template <class T>
    result<T> operator()(result<T> outcome) const {
        auto const duration = std::chrono::steady_clock::now() - begun_;
        seen_.store_operation(
            operation_, outcome ? std::string_view{"ok"} : std::string_view{outcome.error().code}, duration);
        return outcome;
    }

private:
    metrics& seen_;
    std::string_view operation_;
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

}  // namespace parley
