#include "common/config_access.hpp"

#include "common/ascii.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <memory>
#include <optional>

namespace parley {
namespace {

/// Fields of a message itself, those that the server reads, and those that any proxy passes on or adds.
constexpr std::array<std::string_view, 41> taken_headers{
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "expect",
    "forwarded",
    "host",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "last-event-id",
    "origin",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "referer",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-request-id",
};

/// ::ffff:0:0/96, by which IPv4 looks through a socket of IPv6.
bool is_all_of_ipv4(boost::asio::ip::network_v4 const&) { return false; }
bool is_all_of_ipv4(boost::asio::ip::network_v6 const& network) {
    return network.prefix_length() == 96 && network.address().is_v4_mapped();
}

template <class Network>
std::string problem_of_network(std::string_view written, Network const& network) {
    if (network.prefix_length() == 0 || is_all_of_ipv4(network)) {
        return fmt::format("\"{}\" is everybody: then the header is worth nothing, anybody may say who asks",
                           written);
    }
    auto const meant = network.canonical();
    if (meant == network) return {};
    return fmt::format(
        "\"{}\" is no network, for its address goes on behind the first {} bits; write {}, or {} for that "
        "one "
        "address",
        written, network.prefix_length(), meant.to_string(), network.address().to_string());
}

/// "https://app.example:8443" in its parts.
struct origin_parts {
    std::string_view scheme;
    std::string_view host;
    std::optional<std::uint16_t> port;
};

/// nullopt: it is no port as browsers write one.
std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    auto const* const end = std::to_address(text.end());
    auto const [stopped, failed] = std::from_chars(std::to_address(text.begin()), end, port);
    if (failed != std::errc{} || stopped != end || text.starts_with('0')) return std::nullopt;
    return port;
}

/// nullopt: it is no origin.
std::optional<origin_parts> parts_of(std::string_view text) {
    auto const scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return std::nullopt;
    origin_parts out{.scheme = text.substr(0, scheme_end), .host = text.substr(scheme_end + 3), .port = {}};
    if (out.scheme != "http" && out.scheme != "https") return std::nullopt;
    if (out.host.find_first_of("/?#@ *,\"\\") != std::string_view::npos) return std::nullopt;
    // The colons of an IPv6 address stand in brackets.
    auto const in_brackets = out.host.starts_with('[');
    auto const closing = in_brackets ? out.host.find(']') : 0;
    if (closing == std::string_view::npos) return std::nullopt;
    auto const end = in_brackets ? closing + 1 : std::min(out.host.find(':'), out.host.size());
    auto const rest = out.host.substr(end);
    if (!rest.empty()) {
        if (rest.front() == ':') out.port = port_of(rest.substr(1));
        if (!out.port) return std::nullopt;
        out.host = out.host.substr(0, end);
    }
    bool const has_capitals = std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
    if (out.host.empty() || has_capitals) return std::nullopt;
    return out;
}

}  // namespace

std::string problem_of_proxy(std::string const& text) {
    namespace ip = boost::asio::ip;
    boost::system::error_code failed;
    ip::make_address(text, failed);
    if (!failed) return {};
    auto const four = ip::make_network_v4(text, failed);
    if (!failed) return problem_of_network(text, four);
    auto const six = ip::make_network_v6(text, failed);
    if (!failed) return problem_of_network(text, six);
    return fmt::format("\"{}\" is no IP address or network such as 10.0.0.7 or 10.0.0.0/8", text);
}

std::string problem_of_user_header(std::string_view name) {
    if (!std::ranges::all_of(name, is_token_char)) {
        return fmt::format("\"{}\" can not be the name of a header", name);
    }
    if (std::ranges::find(taken_headers, ascii_lower(name)) == taken_headers.end()) return {};
    return fmt::format(
        "\"{}\" means something else to HTTP or to Parley; it must be a header that nobody but "
        "the proxy sets, such as X-Forwarded-User",
        name);
}

std::string problem_of_origin(std::string_view text) {
    auto const parts = parts_of(text);
    if (!parts) {
        return fmt::format(
            "\"{}\" is no origin such as https://app.example, in small letters and without a path", text);
    }
    if (parts->port != (parts->scheme == "https" ? 443 : 80)) return {};
    return fmt::format("\"{}\" has the port that {} has anyway, and browsers leave it out; write {}://{}",
                       text, parts->scheme, parts->scheme, parts->host);
}

}  // namespace parley
