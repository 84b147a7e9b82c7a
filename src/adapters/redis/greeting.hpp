// What is said on a new connection before it is used: credentials, database, and who the server is.
// Private to this folder. Thread safety: the link's event loop.
#pragma once

#include "adapters/redis/link.hpp"
#include "adapters/redis/options.hpp"
#include "common/error.hpp"
#include "common/task.hpp"

#include <memory>
#include <string>

namespace parley::redis {

/// "host:port", for people.
[[nodiscard]] std::string to_text(endpoint const& where);

/// Authenticates, selects the database and asks who the server is. The identity changes with every restart of
/// the server and every fail-over, so that what was kept before is never found again.
/// Errors, each with a sentence that says what to do: unavailable with code redis_credentials, redis_rights,
/// redis_database, redis_cluster, redis_replica or redis_refused; and those of the link.
[[nodiscard]] task<result<std::string>> greet(std::shared_ptr<link> to, endpoint where, options const& how);

/// Only AUTH, with these credentials, if there are any.
[[nodiscard]] task<result<void>> authenticate(std::shared_ptr<link> to, endpoint where, std::string user,
                                              std::string password, std::chrono::milliseconds patience);

/// What an error reply means for the operator.
[[nodiscard]] error refusal(std::string const& where, std::string const& said);

}  // namespace parley::redis
