// From configuration to who may ask.
#pragma once

#include "common/config.hpp"
#include "common/error.hpp"
#include "common/task.hpp"
#include "entities/usage_limits.hpp"
#include "modules/identity/authenticator.hpp"
#include "modules/identity/jwk_file.hpp"
#include "services/clock.hpp"
#include "services/identity_store.hpp"

#include <memory>

namespace parley {

/// The keys of auth.mode jwt; null for other modes. Errors: a sentence for the operator (the file can not be
/// read, or holds no usable key).
[[nodiscard]] result<std::unique_ptr<jwk_file>> open_token_keys(auth_config const& settings);

/// All of them outlive it.
[[nodiscard]] std::unique_ptr<authenticator> make_authenticator(auth_config const& settings,
                                                                identity_store& store, clock const& time,
                                                                user_id local, jwk_file* token_keys);

/// Whether anybody has a key that this server takes; true where others than keys say who asks, and where
/// there are too many users to look at each.
[[nodiscard]] task<result<bool>> can_anybody_enter(auth_config settings, identity_store& store);

/// What the configuration allows a user.
[[nodiscard]] usage_limits limits_of(limits_config const& settings);

}  // namespace parley
