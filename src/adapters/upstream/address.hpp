// Where an upstream is, out of its base_url. Thread safety: pure functions.
#pragma once

#include "common/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::upstream {

struct server_address {
    bool tls = false;
    std::string host;  // name or address, IPv6 without brackets
    std::uint16_t port = 0;
    std::string prefix;     // the path, without a slash at its end
    std::string authority;  // host and port as the Host header says them
};

/// "https://api.openai.com/v1". Errors: invalid (upstream_config_invalid, param base_url) with what is wrong
/// with it.
[[nodiscard]] result<server_address> parse_base_url(std::string_view url);

/// By its name or address, without asking anybody.
[[nodiscard]] bool is_loopback(std::string_view host);

}  // namespace parley::upstream
