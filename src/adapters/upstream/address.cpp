#include "adapters/upstream/address.hpp"

#include "common/config_secret.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/scheme.hpp>
#include <boost/url/url_view.hpp>

#include <charconv>
#include <optional>

namespace parley::upstream {
namespace {

std::unexpected<error> useless(std::string_view url, std::string_view why) {
    return invalid("upstream_config_invalid",
                   "\"" + without_secret(url) + "\" is no address of an upstream: " + std::string{why} + ".",
                   "base_url");
}

/// 1–65535.
std::optional<std::uint16_t> read_port(std::string_view digits) {
    std::uint16_t out = 0;
    auto const [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (failed != std::errc{} || end != digits.data() + digits.size() || out == 0) return std::nullopt;
    return out;
}

}  // namespace

bool is_loopback(std::string_view host) {
    if (host == "localhost" || host.ends_with(".localhost")) return true;
    boost::system::error_code not_an_address;
    auto const address = boost::asio::ip::make_address(host, not_an_address);
    return !not_an_address && address.is_loopback();
}

result<server_address> parse_base_url(std::string_view url) {
    using boost::urls::scheme;
    auto const parsed = boost::urls::parse_uri(url);
    if (!parsed) return useless(url, "it is written like https://api.openai.com/v1");
    if (parsed->scheme_id() != scheme::http && parsed->scheme_id() != scheme::https)
        return useless(url, "it begins with http:// or https://");
    if (parsed->encoded_host().empty()) return useless(url, "it names no server");
    if (parsed->has_userinfo()) return useless(url, "keys come from the environment, not from the address");
    if (parsed->has_query() || parsed->has_fragment())
        return useless(url, "it ends with the path, without ? and #");
    auto const port = read_port(parsed->port());
    if (parsed->has_port() && !port) return useless(url, "its port is none");
    server_address out;
    out.tls = parsed->scheme_id() == scheme::https;
    out.host = parsed->host_address();
    out.port = port.value_or(out.tls ? 443 : 80);
    out.prefix = std::string{parsed->encoded_path()};
    while (out.prefix.ends_with('/')) out.prefix.pop_back();
    out.authority = std::string{parsed->encoded_host_and_port()};
    return out;
}

}  // namespace parley::upstream
