// What the kernel knows of this process, under the names every Prometheus client uses.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

namespace parley {

/// Reads /proc/self now; a figure that can not be read is left out.
[[nodiscard]] std::vector<prometheus::MetricFamily> process_figures();

}  // namespace parley
