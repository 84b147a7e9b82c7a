// Where a server is, out of a URL.
#pragma once

#include "common/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::client {

struct server_address {
    std::string host;  // name or address, IPv6 without brackets
    std::uint16_t port = 80;
    std::string prefix;        // path before /api, without a slash at the end
    std::string authority;     // host and port as the Host header says them
    bool is_loopback = false;  // by its name or address, without asking anybody
    std::string api_key{};     // shown with every call unless it is empty; not part of the URL
};

/// "http://127.0.0.1:8080", also with a path. Errors: invalid (invalid_url), for https too, which does not
/// exist yet.
[[nodiscard]] result<server_address> parse_server_address(std::string_view url);

}  // namespace parley::client
