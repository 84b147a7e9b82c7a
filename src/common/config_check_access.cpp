// Checks across the keys of who may ask, from where and how much.
#include "common/config_checks.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace parley {
namespace {

namespace ip = boost::asio::ip;

void need(config_draft& draft, std::string_view key, bool missing, std::string_view what) {
    if (!missing || draft.already_wrong(key)) return;
    draft.complain(draft.source_of("auth.mode"), std::string{key},
                   fmt::format("is missing; auth.mode {} needs {}", draft.values.auth.mode, what));
}

bool is_network(std::string const& text) {
    boost::system::error_code failed;
    ip::make_address(text, failed);
    if (!failed) return true;
    ip::make_network_v4(text, failed);
    if (!failed) return true;
    ip::make_network_v6(text, failed);
    return !failed;
}

bool is_token_character(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.contains(c);
}

/// As browsers write it (RFC 6454 §6.2): scheme, host and, when it is not the scheme's own, port.
bool is_origin(std::string_view text) {
    auto const scheme = text.find("://");
    if (scheme == std::string_view::npos) return false;
    auto const name = text.substr(0, scheme);
    auto const authority = text.substr(scheme + 3);
    bool const lower = std::ranges::none_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
    return (name == "http" || name == "https") && !authority.empty() && lower &&
           authority.find_first_of("/?#@ *,\"\\") == std::string_view::npos;
}

}  // namespace

void check_tokens(config_draft& draft) {
    if (draft.already_wrong("auth.mode") || draft.values.auth.mode != "jwt") return;
    auto const& auth = draft.values.auth;
    need(draft, "auth.jwt_keys_file", auth.jwt_keys_file.empty(), "a JSON Web Key Set");
    need(draft, "auth.jwt_issuer", auth.jwt_issuer.empty(), "the issuer of the tokens (iss)");
    need(draft, "auth.jwt_audience", auth.jwt_audience.empty(), "whom the tokens are for (aud)");
}

void check_proxies(config_draft& draft) {
    auto const& auth = draft.values.auth;
    for (auto const& one : auth.trusted_proxies) {
        if (is_network(one)) continue;
        draft.complain(draft.source_of("auth.trusted_proxies"), "auth.trusted_proxies",
                       fmt::format("\"{}\" is no IP address or network such as 10.0.0.7 or 10.0.0.0/8", one));
    }
    if (!std::ranges::all_of(auth.user_header, is_token_character)) {
        draft.complain(draft.source_of("auth.user_header"), "auth.user_header",
                       fmt::format("\"{}\" can not be the name of a header", auth.user_header));
    }
    if (draft.already_wrong("auth.mode") || auth.mode != "trusted_header") return;
    need(draft, "auth.trusted_proxies", auth.trusted_proxies.empty(),
         "the addresses of the proxy: from anywhere else the header is worth nothing");
}

void check_cors(config_draft& draft) {
    for (auto const& one : draft.values.cors.origins) {
        if (is_origin(one)) continue;
        draft.complain(draft.source_of("cors.origins"), "cors.origins",
                       fmt::format("\"{}\" is no origin such as https://app.example, in small letters and "
                                   "without a path",
                                   one));
    }
}

void check_limits(config_draft& draft) {
    if (draft.already_wrong("limits.kind") || draft.already_wrong("cache.uri")) return;
    if (draft.values.limits.kind != "redis" || !draft.values.cache.uri.empty()) return;
    draft.complain(draft.source_of("limits.kind"), "cache.uri",
                   "is missing; limits.kind redis counts in that Redis, such as redis://localhost:6379");
}

}  // namespace parley
