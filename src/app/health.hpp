// The command `parley health`: asks a running server whether it can serve. What a container's health check
// runs.
#pragma once

#include <string>

namespace parley {

struct health_options {
    std::string url = "http://127.0.0.1:8080";
};

enum class health_verdict { ready, not_ready, bad_address };

/// Prints one line: to standard output when the server is ready, otherwise why it is not, to standard error.
/// Blocks for four seconds at most beside looking up a name.
[[nodiscard]] health_verdict run_health(health_options const& options);

}  // namespace parley
