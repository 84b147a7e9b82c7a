// Which HTTP proxy the way to an upstream takes. Thread safety: pure functions.
#pragma once

#include "adapters/upstream/address.hpp"
#include "common/error.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace parley::upstream {

/// The variables of the environment that speak of proxies; others in it do no harm.
using proxy_environment = std::map<std::string, std::string>;

struct proxy_address {
    std::string host;
    std::uint16_t port = 0;
    std::string authorization;         // the whole value of Proxy-Authorization; empty: none
    std::vector<std::string> secrets;  // that never may be shown
};

/// `setting` is "environment", "none" or "http://[user:password@]host:port". The environment is read as curl
/// reads it: https_proxy, HTTPS_PROXY or (for plain HTTP, in small letters only, because a CGI client can set
/// the other) http_proxy, then all_proxy, ALL_PROXY; no_proxy, NO_PROXY list what is reached without: names
/// with all below them, addresses, networks such as 10.0.0.0/8, or * for everything. A loopback address takes
/// a proxy only when `setting` names it. Errors: invalid (upstream_config_invalid, param proxy).
[[nodiscard]] result<std::optional<proxy_address>> choose_proxy(server_address const& to,
                                                                std::string const& setting,
                                                                proxy_environment const& environment);

}  // namespace parley::upstream
