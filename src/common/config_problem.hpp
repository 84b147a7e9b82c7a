// What is wrong with a configuration, told so that the operator can put it right.
#pragma once

#include <string>
#include <vector>

namespace parley {

struct config_problem {
    std::string where;  // "configs/test.yaml:3", "PARLEY_SERVER_PORT" or "--port"; never empty
    std::string key;    // "server.port", "models[0].path"; empty when it is about no single key
    std::string what;   // what is wrong and what would be right
};

using config_problems = std::vector<config_problem>;

/// "where: key: what", without a line break at the end.
[[nodiscard]] std::string to_text(config_problem const& problem);

}  // namespace parley
