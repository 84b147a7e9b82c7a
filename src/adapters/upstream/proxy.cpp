#include "adapters/upstream/proxy.hpp"

#include "common/ascii.hpp"
#include "common/config_secret.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/scheme.hpp>
#include <boost/url/url_view.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace parley::upstream {
namespace {

namespace ip = boost::asio::ip;

constexpr std::uint16_t default_port = 80;

std::string base64(std::string const& text) {
    std::string out((text.size() + 2) / 3 * 4 + 1, '\0');
    auto const size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

result<proxy_address> parse_proxy(std::string const& text) {
    auto const url = text.find("://") == std::string::npos ? "http://" + text : text;
    auto const parsed = boost::urls::parse_uri(url);
    if (!parsed || parsed->scheme_id() != boost::urls::scheme::http || parsed->encoded_host().empty()) {
        return invalid("upstream_config_invalid",
                       "\"" + without_secret(text) + "\" is no HTTP proxy such as http://proxy:3128.",
                       "proxy");
    }
    proxy_address out{.host = parsed->host_address(),
                      .port = parsed->has_port() ? parsed->port_number() : default_port,
                      .authorization = {},
                      .secrets = {}};
    if (parsed->has_userinfo()) {
        auto const credentials = base64(parsed->user() + ":" + parsed->password());
        out.authorization = "Basic " + credentials;
        out.secrets = {credentials, parsed->password()};
    }
    return out;
}

/// The first that is set to something.
std::string value_of(proxy_environment const& environment, std::initializer_list<char const*> names) {
    for (auto const* name : names) {
        auto const found = environment.find(name);
        if (found != environment.end() && !found->second.empty()) return found->second;
    }
    return {};
}

bool is_in_network(std::string_view host, std::string_view network) {
    boost::system::error_code failed;
    auto const address = ip::make_address(host, failed);
    if (failed) return false;
    if (network.find('/') == std::string_view::npos) {
        auto const other = ip::make_address(network, failed);
        return !failed && other == address;
    }
    if (address.is_v4()) {
        auto const net = ip::make_network_v4(network, failed);
        return !failed && ip::network_v4{address.to_v4(), net.prefix_length()}.canonical() == net.canonical();
    }
    auto const net = ip::make_network_v6(network, failed);
    return !failed && ip::network_v6{address.to_v6(), net.prefix_length()}.canonical() == net.canonical();
}

bool matches(server_address const& to, std::string_view rule) {
    auto const port = ":" + std::to_string(to.port);
    if (rule.ends_with(port) && rule.find(':') == rule.size() - port.size()) rule.remove_suffix(port.size());
    if (rule.starts_with('[') && rule.ends_with(']')) rule = rule.substr(1, rule.size() - 2);
    if (is_in_network(to.host, rule)) return true;
    while (rule.starts_with('.')) rule.remove_prefix(1);
    auto const host = ascii_lower(to.host);
    auto const name = ascii_lower(rule);
    return !name.empty() && (host == name || host.ends_with("." + name));
}

bool goes_without(server_address const& to, std::string_view rules) {
    constexpr std::string_view between = ", \t";
    while (!rules.empty()) {
        auto const end = std::min(rules.find_first_of(between), rules.size());
        auto const rule = rules.substr(0, end);
        if (rule == "*" || (!rule.empty() && matches(to, rule))) return true;
        rules.remove_prefix(std::min(end + 1, rules.size()));
    }
    return false;
}

}  // namespace

result<std::optional<proxy_address>> choose_proxy(server_address const& to, std::string const& setting,
                                                  proxy_environment const& environment) {
    if (setting == "none") return std::nullopt;
    auto wanted = setting;
    if (setting.empty() || setting == "environment") {
        if (is_loopback(to.host) || goes_without(to, value_of(environment, {"no_proxy", "NO_PROXY"})))
            return std::nullopt;
        wanted = to.tls ? value_of(environment, {"https_proxy", "HTTPS_PROXY"})
                        : value_of(environment, {"http_proxy"});
        if (wanted.empty()) wanted = value_of(environment, {"all_proxy", "ALL_PROXY"});
        if (wanted.empty()) return std::nullopt;
    }
    auto parsed = parse_proxy(wanted);
    if (!parsed) return std::unexpected(std::move(parsed.error()));
    return std::move(*parsed);
}

}  // namespace parley::upstream
