// Rows of usage, as functions of one connection; those that write run within the caller's transaction.
// Errors: as to_error.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "services/store_archive.hpp"
#include "services/usage_store.hpp"

#include <optional>
#include <vector>

namespace parley::sqlite {

/// What a reply has used, if it says so.
[[nodiscard]] result<void> count_reply(connection& db, user_id const& user, message const& reply);

[[nodiscard]] result<void> count_usage(connection& db, user_id const& user, usage_day const& more);

[[nodiscard]] result<std::vector<usage_day>> usage_by_day(connection& db, user_id const& user,
                                                          std::chrono::sys_days first,
                                                          std::chrono::sys_days last);

/// As store_archive has them.
[[nodiscard]] result<std::vector<usage_record>> usage_after(connection& db,
                                                            std::optional<usage_key> const& last);
[[nodiscard]] result<void> put_usage(connection& db, usage_record const& value);

}  // namespace parley::sqlite
