#include "adapters/http/server/host_guard.hpp"

#include "common/ascii.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace parley::http {
namespace {

/// "[::1]:80" → "::1", "localhost:80" → "localhost".
std::string_view without_port(std::string_view host) {
    if (host.starts_with('[')) {
        auto const end = host.find(']');
        return end == std::string_view::npos ? host : host.substr(1, end - 1);
    }
    return host.substr(0, host.find(':'));
}

bool is_loopback_address(std::string_view name) {
    std::string const text(name);
    in_addr four{};
    if (::inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
    in6_addr six{};
    return ::inet_pton(AF_INET6, text.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool is_loopback_name(std::string_view name) {
    constexpr std::string_view localhost = "localhost";
    if (same_word(name, localhost)) return true;
    return name.size() > localhost.size() &&
           same_word(name.substr(name.size() - localhost.size()), localhost) &&
           name[name.size() - localhost.size() - 1] == '.';
}

/// Host and port of "http://localhost:3000"; nothing for other schemes and "null".
std::optional<std::string_view> authority_of(std::string_view origin) {
    for (std::string_view const scheme : {"http://", "https://"}) {
        if (origin.size() > scheme.size() && same_word(origin.substr(0, scheme.size()), scheme)) {
            return origin.substr(scheme.size());
        }
    }
    return std::nullopt;
}

}  // namespace

host_guard::host_guard(std::string_view configured_host) : configured_host_(configured_host) {}

bool host_guard::is_ours(std::string_view name) const {
    return is_loopback_name(name) || is_loopback_address(name) || same_word(name, configured_host_);
}

result<void> host_guard::check(std::string_view host, std::optional<std::string_view> origin) const {
    if (!is_ours(without_port(host))) {
        return fail(error_kind::forbidden, "host_not_allowed",
                    "This server answers only under a loopback name or address, because it runs without "
                    "authentication.",
                    "Host");
    }
    if (!origin) return {};
    auto const authority = authority_of(*origin);
    if (authority && is_valid_host(*authority) && is_ours(without_port(*authority))) return {};
    return fail(error_kind::forbidden, "origin_not_allowed",
                "Web pages of other origins may not use this server, because it runs without authentication.",
                "Origin");
}

bool comes_from_another_site(request const& call) {
    auto const site = call.header("Sec-Fetch-Site");
    if (!site || same_word(*site, "same-origin") || same_word(*site, "none")) return false;
    bool const leads_here = (call.method == "GET" || call.method == "HEAD") &&
                            same_word(call.header("Sec-Fetch-Dest").value_or(""), "document");
    return !leads_here;
}

bool is_valid_host(std::string_view host) {
    if (host.starts_with('[')) {
        auto const end = host.find(']');
        in6_addr six{};
        if (end == std::string_view::npos ||
            ::inet_pton(AF_INET6, std::string(host.substr(1, end - 1)).c_str(), &six) != 1) {
            return false;
        }
        host.remove_prefix(end + 1);
        if (host.empty()) return true;
    } else {
        auto const name = host.substr(0, host.find(':'));
        auto const fits = [](char c) { return is_alphanumeric(c) || c == '-' || c == '.' || c == '_'; };
        if (!std::ranges::all_of(name, fits)) return false;
        host.remove_prefix(name.size());
        if (host.empty()) return true;
    }
    return host.starts_with(':') && host.size() <= 6 && std::ranges::all_of(host.substr(1), is_digit);
}

}  // namespace parley::http
