// The port behind which users and their keys are kept. Thread safety and errors: as conversation_store.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/sha256.hpp"
#include "common/task.hpp"
#include "common/timestamp.hpp"
#include "entities/api_key.hpp"
#include "entities/user.hpp"
#include "services/page.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace parley {

/// A key, and what its user is.
struct held_key {
    api_key key;
    bool is_admin = false;
    usage_limits limits{};  // the user's
    bool operator==(held_key const&) const = default;
};

class identity_store {
public:
    identity_store() = default;
    identity_store(identity_store const&) = delete;
    identity_store& operator=(identity_store const&) = delete;
    virtual ~identity_store() = default;

    /// The one user of a server without authentication, who is an administrator; made at the first call and
    /// the same ever after.
    [[nodiscard]] virtual task<result<user>> local_user(timestamp now) = 0;

    /// The user whom somebody else knows by that name; `fresh` becomes it at first sight. Of two who see it
    /// at once both get the same user.
    [[nodiscard]] virtual task<result<user>> external_user(external_identity name, user fresh) = 0;

    /// Errors: user_exists.
    [[nodiscard]] virtual task<result<void>> create_user(user value) = 0;

    /// Errors: not_found (user_not_found), here and below.
    [[nodiscard]] virtual task<result<user>> get_user(user_id id) = 0;
    [[nodiscard]] virtual task<result<user>> update_user(user_id id, user_patch patch) = 0;

    /// All, by user_id, which is the order in which they were made.
    [[nodiscard]] virtual task<result<page<user>>> list_users(page_query<user_id> query) = 0;

    /// From now on there is no such user and no key of theirs. What else was theirs goes with purge_users,
    /// which must be told again later: what such a user began to do before may still come to an end.
    [[nodiscard]] virtual task<result<void>> delete_user(user_id id, timestamp now) = 0;

    /// Deletes what belongs to deleted users: at most `limit` interactions, and their usage, remembered
    /// requests and names. Returns how many interactions it deleted; 0: none is left now. Users who were
    /// deleted before `forget` and have nothing left are forgotten.
    [[nodiscard]] virtual task<result<std::size_t>> purge_users(std::size_t limit, timestamp forget) = 0;

    /// Errors: user_not_found; key_exists (its id or its text); too_many_keys (limits::keys_of_user).
    [[nodiscard]] virtual task<result<void>> create_key(api_key value) = 0;

    /// The key whose text has this hash, expired or not.
    [[nodiscard]] virtual task<result<std::optional<held_key>>> find_key(sha256_digest hash) = 0;

    /// Newest first; of one time, by key_id downwards.
    [[nodiscard]] virtual task<result<std::vector<api_key>>> list_keys(user_id id) = 0;

    /// Errors: key_not_found, also when it is another user's.
    [[nodiscard]] virtual task<result<void>> delete_key(user_id id, key_id key) = 0;

    /// Sets last_used_at; nothing when the key is gone.
    [[nodiscard]] virtual task<result<void>> key_used(key_id key, timestamp at) = 0;
};

}  // namespace parley
