// Users whom somebody else vouches for.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "common/timestamp.hpp"
#include "entities/user.hpp"
#include "services/identity_store.hpp"

#include <optional>
#include <string>

namespace parley {

/// The user of that name, made at first sight; `called` is then what people call them: none at all when it is
/// no text, longer than limits::user_name or has control characters. Nobody is made in the place of
/// `known_as`, who was found by the name before. Errors: user_deleted when they are gone; those of the store.
[[nodiscard]] task<result<user>> known_user(identity_store& store, external_identity name, std::string called,
                                            timestamp now, std::optional<user_id> known_as = std::nullopt);

}  // namespace parley
