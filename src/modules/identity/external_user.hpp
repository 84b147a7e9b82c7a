// Users whom somebody else vouches for.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "common/timestamp.hpp"
#include "entities/user.hpp"
#include "services/identity_store.hpp"

#include <string>

namespace parley {

/// That who was found by a name before is still there: asked before known_user by who must not make them
/// again. Errors: user_deleted; those of the store.
[[nodiscard]] task<result<void>> still_there(identity_store& store, user_id id);

/// The user of that name, made at first sight; `called` is then what people call them: none at all when it is
/// no text, longer than limits::user_name or has control characters. Errors: those of the store.
[[nodiscard]] task<result<user>> known_user(identity_store& store, external_identity name, std::string called,
                                            timestamp now);

}  // namespace parley
