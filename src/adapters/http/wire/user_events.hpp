// Events of a user's stream as the contract shows them.
#pragma once

#include "services/user_feed.hpp"

#include <string>
#include <string_view>

namespace parley::http {

/// The event's name, for example "interaction.created".
[[nodiscard]] std::string_view name_of(user_event const& event);

/// Its data.
[[nodiscard]] std::string to_json(user_event const& event);

}  // namespace parley::http
