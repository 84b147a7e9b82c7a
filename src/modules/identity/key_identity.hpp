// Callers who show an API key: one of the store's, or the bootstrap key of the environment, which is a key of
// the local user, the server's first administrator. Thread safety: any event loop. Ownership: store and clock
// outlive it; the bootstrap key itself is not kept.
#pragma once

#include "common/error.hpp"
#include "common/sha256.hpp"
#include "common/task.hpp"
#include "modules/identity/caller.hpp"
#include "modules/identity/key_uses.hpp"
#include "modules/identity/recent_callers.hpp"
#include "services/clock.hpp"
#include "services/identity_store.hpp"

#include <optional>
#include <string_view>

namespace parley {

class key_identity {
public:
    /// An empty `bootstrap_key` is none.
    key_identity(identity_store& store, clock const& time, user_id local, std::string_view bootstrap_key,
                 steady_source steady = steady_now);

    /// Whether it looks like a key, so that it is nothing else.
    [[nodiscard]] bool is_key(std::string_view token) const;

    /// Errors: unauthenticated (invalid_api_key, expired_api_key); those of the store.
    [[nodiscard]] task<result<caller>> identify(std::string_view token);

private:
    [[nodiscard]] task<result<caller>> ask_store(sha256_digest shown);
    [[nodiscard]] task<void> note_use(api_key const& key, timestamp now);

    identity_store& store_;
    clock const& time_;
    user_id local_;
    std::optional<sha256_digest> bootstrap_;
    recent_callers recent_;
    key_uses uses_;
};

}  // namespace parley
