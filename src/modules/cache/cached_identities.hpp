// An identity store with a cache before it, as cached_conversations is one for interactions: get_user is
// answered from it. Keys and names are not kept here; who asks for them (modules/identity) does it.
// Thread safety and errors: as the port. Ownership: store, cache and metrics outlive it.
#pragma once

#include "modules/cache/single_flight.hpp"
#include "services/cache.hpp"
#include "services/identity_store.hpp"
#include "services/metrics.hpp"

#include <mutex>
#include <optional>

namespace parley {

class cached_identities final : public identity_store {
public:
    cached_identities(identity_store& store, cache& kept, metrics& seen)
        : store_(store),
          cache_(kept),
          seen_(seen) {}

    [[nodiscard]] task<result<user>> local_user(timestamp now) override;
    [[nodiscard]] task<result<user>> external_user(external_identity name, user fresh) override;
    [[nodiscard]] task<result<void>> create_user(user value) override;
    [[nodiscard]] task<result<user>> get_user(user_id id) override;
    [[nodiscard]] task<result<user>> update_user(user_id id, user_patch patch) override;
    [[nodiscard]] task<result<page<user>>> list_users(page_query<user_id> query) override;
    [[nodiscard]] task<result<void>> delete_user(user_id id, timestamp now) override;
    [[nodiscard]] task<result<std::size_t>> purge_users(std::size_t limit, timestamp forget) override;
    [[nodiscard]] task<result<void>> create_key(api_key value) override;
    [[nodiscard]] task<result<std::optional<held_key>>> find_key(sha256_digest hash) override;
    [[nodiscard]] task<result<std::vector<api_key>>> list_keys(user_id id) override;
    [[nodiscard]] task<result<void>> delete_key(user_id id, key_id key) override;
    [[nodiscard]] task<result<void>> key_used(key_id key, timestamp at) override;

private:
    [[nodiscard]] task<result<user>> read_and_fill(user_id id, std::optional<fill_token> token);
    [[nodiscard]] task<void> invalidate(user_id id);
    [[nodiscard]] std::optional<user_id> known_local() const;
    void remember_local(user_id id);

    identity_store& store_;
    cache& cache_;
    metrics& seen_;
    single_flight<user> flights_;
    mutable std::mutex guard_;
    std::optional<user_id> local_;  // guarded; who it is never changes
};

}  // namespace parley
