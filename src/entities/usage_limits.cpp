#include "entities/usage_limits.hpp"

#include "entities/limits.hpp"

#include <string>

namespace parley {

result<usage_limits> make_usage_limits(usage_limits draft) {
    std::string wrong;
    for_each_limit(
        [&wrong](char const* name, std::optional<std::int64_t> const& value) {
            if (wrong.empty() && value && (*value < 0 || *value > limits::usage_limit)) wrong = name;
        },
        draft);
    if (wrong.empty()) return draft;
    return invalid("invalid_limits", "A limit is a number from 0 to 1,000,000,000,000; 0 is none.",
                   "limits." + wrong);
}

}  // namespace parley
