#include "common/config_problem.hpp"

#include <fmt/format.h>

namespace parley {

std::string to_text(config_problem const& problem) {
    if (problem.key.empty()) return fmt::format("{}: {}", problem.where, problem.what);
    return fmt::format("{}: {}: {}", problem.where, problem.key, problem.what);
}

}  // namespace parley
