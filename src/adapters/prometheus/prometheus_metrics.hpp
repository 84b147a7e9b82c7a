// services/metrics.hpp by prometheus-cpp: counters, gauges and histograms in one registry, process figures at
// each scrape.
#pragma once

#include "services/metrics.hpp"

#include <memory>
#include <string>

namespace parley {

struct build_info {
    std::string version;
    std::string commit;
    std::string compiler;
};

/// Thread safety: as services/metrics.hpp says; a request costs no lock that is shared between routes.
[[nodiscard]] std::unique_ptr<metrics> make_prometheus_metrics(build_info const& build);

}  // namespace parley
