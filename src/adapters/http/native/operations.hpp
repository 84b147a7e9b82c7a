// Handlers for operators: /healthz, /readyz and /metrics.
#pragma once

#include "adapters/http/native/api_context.hpp"
#include "adapters/http/server/exchange.hpp"
#include "services/metrics.hpp"

#include <atomic>

namespace parley::http {

class get_health final : public handler {
public:
    [[nodiscard]] task<response> handle(request& call) override;
};

class get_readiness final : public handler {
public:
    /// `draining` is set by the wiring when the server begins to shut down.
    get_readiness(api_context& api, std::atomic<bool> const& draining) : api_(api), draining_(draining) {}
    [[nodiscard]] task<response> handle(request& call) override;

private:
    api_context& api_;
    std::atomic<bool> const& draining_;
};

class get_metrics final : public handler {
public:
    explicit get_metrics(metrics& seen) : seen_(seen) {}
    [[nodiscard]] task<response> handle(request& call) override;

private:
    metrics& seen_;
};

}  // namespace parley::http
