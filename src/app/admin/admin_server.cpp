#include "app/admin/admin_server.hpp"

#include "entities/api_key.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <utility>

namespace parley {
namespace {

namespace ip = boost::asio::ip;

result<client::server_address> address_with_key(std::string const& url, std::string api_key) {
    auto where = client::parse_server_address(url);
    if (where) where->api_key = std::move(api_key);
    return where;
}

/// Where the configuration's server can be reached from this machine.
std::string url_of(server_config const& settings) {
    boost::system::error_code no_address;
    auto address = ip::make_address(settings.host, no_address);
    if (!no_address && address.is_unspecified())
        address = address.is_v6() ? ip::address{ip::address_v6::loopback()} : ip::address_v4::loopback();
    auto const host = no_address ? settings.host : address.to_string();
    bool const bare = host.contains(':');
    return "http://" + (bare ? "[" + host + "]" : host) + ":" + std::to_string(settings.port);
}

/// It serves this process alone: nobody else knows its key.
config for_this_command(config settings, std::string const& key) {
    settings.server.host = "127.0.0.1";
    settings.server.port = 0;
    settings.server.threads = 1;
    settings.auth.mode = "api_key";
    settings.auth.bootstrap_key = key;
    settings.limits = {};
    settings.cors = {};
    settings.models.clear();
    settings.upstreams.clear();
    settings.default_model.clear();
    return settings;
}

}  // namespace

result<admin_server> admin_server::reach(config const& settings, std::string const& url,
                                         std::string const& api_key) {
    auto const& key = api_key.empty() ? settings.auth.bootstrap_key : api_key;
    if (!url.empty()) {
        auto where = address_with_key(url, key);
        if (!where) return std::unexpected(where.error());
        return admin_server{nullptr, std::move(*where)};
    }
    auto const own_key = new_key_text();
    auto own = application::start(for_this_command(settings, own_key), application_role::administer);
    if (own) {
        auto where = address_with_key("http://127.0.0.1:" + std::to_string((*own)->port()), own_key);
        if (!where) return std::unexpected(where.error());
        return admin_server{std::move(*own), std::move(*where)};
    }
    if (own.error().code != "store_locked") return std::unexpected(own.error());
    auto where = address_with_key(url_of(settings.server), key);
    if (!where) return std::unexpected(where.error());
    return admin_server{nullptr, std::move(*where)};
}

admin_server::~admin_server() {
    if (own_) static_cast<void>(own_->shut_down());
}

}  // namespace parley
