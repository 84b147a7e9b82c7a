#include "adapters/prometheus/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace parley {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily single(std::string name, std::string help, MetricType type, double value) {
    prometheus::ClientMetric one;
    (type == MetricType::Counter ? one.counter.value : one.gauge.value) = value;
    return {std::move(name), std::move(help), type, {one}};
}

/// Fields of /proc/self/stat from the third on (state is 0 here), proc(5). The second, the name, may have
/// blanks.
std::vector<std::string> stat_fields() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    std::istringstream rest(line.substr(line.rfind(')') + 1));
    std::vector<std::string> fields;
    for (std::string one; rest >> one;) fields.push_back(one);
    return fields;
}

/// Seconds since 1970 at which the machine started.
std::optional<double> boot_time() {
    std::ifstream file("/proc/stat");
    for (std::string word; file >> word;) {
        double seconds = 0;
        if (word == "btime" && file >> seconds) return seconds;
    }
    return std::nullopt;
}

std::optional<double> open_files() {
    std::error_code failed;
    std::filesystem::directory_iterator at("/proc/self/fd", failed);
    if (failed) return std::nullopt;
    return static_cast<double>(std::distance(begin(at), end(at))) - 1;  // the folder itself
}

void append_from_stat(std::vector<MetricFamily>& out) {
    auto const fields = stat_fields();
    if (fields.size() < 22) return;
    auto const ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    auto const page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    auto const number = [&fields](std::size_t index) { return std::stod(fields[index]); };
    out.push_back(single("process_cpu_seconds_total", "User and system time.", MetricType::Counter,
                         (number(11) + number(12)) / ticks));
    out.push_back(single("process_threads", "Threads.", MetricType::Gauge, number(17)));
    if (auto const boot = boot_time()) {
        out.push_back(single("process_start_time_seconds", "Start, in seconds since 1970.", MetricType::Gauge,
                             *boot + number(19) / ticks));
    }
    out.push_back(single("process_virtual_memory_bytes", "Virtual memory.", MetricType::Gauge, number(20)));
    out.push_back(
        single("process_resident_memory_bytes", "Memory in use.", MetricType::Gauge, number(21) * page));
}

}  // namespace

std::vector<MetricFamily> process_figures() {
    std::vector<MetricFamily> out;
    append_from_stat(out);
    if (auto const open = open_files()) {
        out.push_back(single("process_open_fds", "Open file descriptors.", MetricType::Gauge, *open));
    }
    rlimit most{};
    if (::getrlimit(RLIMIT_NOFILE, &most) == 0) {
        out.push_back(single("process_max_fds", "Most file descriptors that may be open.", MetricType::Gauge,
                             static_cast<double>(most.rlim_cur)));
    }
    return out;
}

}  // namespace parley
