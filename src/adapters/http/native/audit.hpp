// The audit log: who has done what to users and keys. A line of the log, whatever log.level says; never a
// key's text.
#pragma once

#include "adapters/http/server/exchange.hpp"

#include <optional>
#include <string_view>

namespace parley::http {

/// `act` like "key_deleted"; `of` whose it is.
void audit(request const& call, std::string_view act, user_id const& of,
           std::optional<key_id> const& key = std::nullopt);

}  // namespace parley::http
