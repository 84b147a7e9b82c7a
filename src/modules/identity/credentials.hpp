// What a request shows of who asks.
#pragma once

#include "common/id.hpp"

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string_view>

namespace parley {

/// Views of a request that is being handled. A header that comes twice is not shown here: it was refused.
struct credentials {
    std::optional<std::string_view> authorization{};  // the header's value
    std::optional<std::string_view> user{};           // that of the header which a proxy sets
    boost::asio::ip::address peer{};                  // who is at the other end of the connection
    std::optional<user_id> known_as{};  // who was found by the same before: nobody is made in their place
};

/// What stands behind "Bearer", the scheme in any case (RFC 9110 §11.1); nullopt for any other scheme.
[[nodiscard]] std::optional<std::string_view> bearer_token(std::string_view authorization);

}  // namespace parley
