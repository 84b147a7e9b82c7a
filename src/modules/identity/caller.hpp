// Who asks, and what they may.
#pragma once

#include "common/id.hpp"
#include "entities/api_key.hpp"
#include "entities/usage_limits.hpp"

#include <optional>

namespace parley {

struct caller {
    parley::user_id user_id;
    scopes may{};
    std::optional<parley::key_id> key_id{};  // the API key that was shown, when it is one of the store's
    usage_limits of_user{};
    usage_limits of_key{};
    bool is_bounded = false;  // the key has an end, or limits of its own
};

}  // namespace parley
