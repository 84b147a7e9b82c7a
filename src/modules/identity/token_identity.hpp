// Callers who show a JSON Web Token of somebody who knows them. Who is seen for the first time becomes a
// user. Thread safety: any event loop. Ownership: store, clock and key file outlive it.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "modules/identity/caller.hpp"
#include "modules/identity/jwk_file.hpp"
#include "modules/identity/jwt.hpp"
#include "modules/identity/recent_callers.hpp"
#include "services/clock.hpp"
#include "services/identity_store.hpp"

#include <string_view>

namespace parley {

class token_identity {
public:
    token_identity(identity_store& store, clock const& time, jwk_file& keys, jwt_rules rules,
                   steady_source steady = steady_now);

    /// What the token's `scope` says of read, write and admin; when it says nothing of them, read and write,
    /// and admin for who is an administrator here. No token makes somebody an administrator.
    /// Errors: those of verify_jwt and of the store.
    [[nodiscard]] task<result<caller>> identify(std::string_view token,
                                                std::optional<user_id> known_as = std::nullopt);

private:
    identity_store& store_;
    clock const& time_;
    jwk_file& keys_;
    jwt_rules const rules_;
    recent_callers recent_;
};

}  // namespace parley
