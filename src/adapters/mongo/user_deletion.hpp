// What goes with a user at once: all by which somebody could come in. Errors: those of session.
#pragma once

#include "adapters/mongo/session.hpp"

#include <span>

namespace parley::mongo {

/// Keys, names, and that one of them is the local user. May be repeated.
[[nodiscard]] result<void> delete_access(session& db, std::span<user_id const> of);

}  // namespace parley::mongo
