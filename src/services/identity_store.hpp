// The port behind which users are kept. Thread safety and errors: as conversation_store.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/task.hpp"
#include "common/timestamp.hpp"
#include "entities/user.hpp"

namespace parley {

class identity_store {
public:
    identity_store() = default;
    identity_store(identity_store const&) = delete;
    identity_store& operator=(identity_store const&) = delete;
    virtual ~identity_store() = default;

    /// The one user of a server without authentication; made at the first call and the same ever after.
    [[nodiscard]] virtual task<result<user>> local_user(timestamp now) = 0;

    /// Errors: not_found (user_not_found).
    [[nodiscard]] virtual task<result<user>> get_user(user_id id) = 0;

    /// Errors: user_not_found.
    [[nodiscard]] virtual task<result<user>> update_user(user_id id, user_patch patch) = 0;
};

}  // namespace parley
