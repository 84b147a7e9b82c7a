#include "adapters/client/server_address.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/scheme.hpp>
#include <boost/url/url_view.hpp>

namespace parley::client {
namespace {

bool is_loopback(std::string const& host) {
    if (host == "localhost") return true;
    boost::system::error_code not_an_address;
    auto const address = boost::asio::ip::make_address(host, not_an_address);
    return !not_an_address && address.is_loopback();
}

}  // namespace

result<server_address> parse_server_address(std::string_view url) {
    auto const quoted = "\"" + std::string{url} + "\"";
    auto const parsed = boost::urls::parse_uri(url);
    if (parsed && parsed->scheme_id() == boost::urls::scheme::https) {
        return invalid(
            "invalid_url",
            quoted +
                ": https is not possible yet in this version; use http, through a tunnel (ssh -L) when "
                "the server is on another machine.",
            "url");
    }
    if (!parsed || parsed->scheme_id() != boost::urls::scheme::http || parsed->encoded_host().empty() ||
        parsed->has_userinfo() || parsed->has_query() || parsed->has_fragment() ||
        (parsed->has_port() && (parsed->port_number() == 0 || parsed->port().empty()))) {
        return invalid("invalid_url", quoted + " is not an address such as http://127.0.0.1:8080.", "url");
    }
    server_address where;
    where.host = parsed->host_address();
    if (parsed->has_port()) where.port = parsed->port_number();
    where.prefix = std::string{parsed->encoded_path()};
    while (where.prefix.ends_with('/')) where.prefix.pop_back();
    where.authority = std::string{parsed->encoded_host_and_port()};
    where.is_loopback = is_loopback(where.host);
    return where;
}

}  // namespace parley::client
