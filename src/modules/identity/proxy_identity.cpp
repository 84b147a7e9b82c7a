#include "modules/identity/proxy_identity.hpp"

#include "common/utf8.hpp"
#include "entities/limits.hpp"
#include "modules/identity/external_user.hpp"

#include <algorithm>
#include <utility>

namespace parley {
namespace {

namespace ip = boost::asio::ip;

constexpr std::string_view issuer = "trusted_header";
constexpr unsigned short v4_mapped_bits = 96;  // ::ffff:0:0/96, RFC 4291 §2.5.5.2

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= limits::external_name_bytes && is_valid_utf8(text) &&
           std::ranges::none_of(text, is_control);
}

/// An IPv4 address that came through a socket of IPv6.
ip::address plain(ip::address const& peer) {
    return peer.is_v6() && peer.to_v6().is_v4_mapped()
               ? ip::address{ip::make_address_v4(ip::v4_mapped, peer.to_v6())}
               : peer;
}

}  // namespace

result<proxy_list> proxy_list::parse(std::vector<std::string> const& texts) {
    proxy_list out;
    for (auto const& text : texts) {
        boost::system::error_code failed;
        auto const address = plain(ip::make_address(text, failed));
        if (!failed && address.is_v4()) {
            out.networks_.emplace_back(ip::network_v4{address.to_v4(), 32});
            continue;
        }
        if (!failed) {
            out.networks_.emplace_back(ip::network_v6{address.to_v6(), 128});
            continue;
        }
        auto const four = ip::make_network_v4(text, failed);
        if (!failed) {
            out.networks_.emplace_back(four.canonical());
            continue;
        }
        auto const six = ip::make_network_v6(text, failed);
        if (failed)
            return invalid("invalid_address",
                           "\"" + text + "\" is no address or network such as 10.0.0.7 or 10.0.0.0/8.", "");
        if (six.address().is_v4_mapped() && six.prefix_length() >= v4_mapped_bits) {
            auto const inside = ip::make_address_v4(ip::v4_mapped, six.address());
            auto const length = static_cast<unsigned short>(six.prefix_length() - v4_mapped_bits);
            out.networks_.emplace_back(ip::network_v4{inside, length}.canonical());
            continue;
        }
        out.networks_.emplace_back(six.canonical());
    }
    return out;
}

bool proxy_list::contains(ip::address const& peer) const {
    auto const who = plain(peer);
    return std::ranges::any_of(networks_, [&who](network const& one) {
        if (auto const* const four = std::get_if<ip::network_v4>(&one)) {
            if (!who.is_v4()) return false;
            return ip::network_v4{who.to_v4(), four->prefix_length()}.canonical() == *four;
        }
        auto const& six = std::get<ip::network_v6>(one);
        if (!who.is_v6()) return false;
        return ip::network_v6{who.to_v6(), six.prefix_length()}.canonical() == six;
    });
}

proxy_identity::proxy_identity(identity_store& store, clock const& time, proxy_list proxies,
                               std::string header, steady_source steady)
    : store_(store),
      time_(time),
      proxies_(std::move(proxies)),
      header_(std::move(header)),
      recent_(std::move(steady)) {}

task<result<caller>> proxy_identity::identify(credentials const& shown) {
    if (!proxies_.contains(shown.peer)) {
        co_return fail(error_kind::unauthenticated, "untrusted_proxy",
                       "This server is asked through its proxy, or with an API key.");
    }
    if (!shown.user) {
        co_return fail(error_kind::unauthenticated, "missing_user", "The proxy did not say who asks.",
                       header_);
    }
    if (!is_name(*shown.user)) {
        co_return fail(error_kind::unauthenticated, "invalid_user",
                       "Who asks is a text of 1 to 255 bytes of UTF-8.", header_);
    }
    auto const digest = sha256(*shown.user);
    if (auto const known = recent_.find(digest)) co_return *known;
    auto const asked = recent_.now();
    external_identity name{std::string{issuer}, std::string{*shown.user}};
    std::string called{*shown.user};
    auto const found =
        co_await known_user(store_, std::move(name), std::move(called), time_.now(), shown.known_as);
    if (!found) co_return std::unexpected(found.error());
    scopes const may{.read = true, .write = true, .admin = found->is_admin};
    caller const who{found->user_id, may, std::nullopt, found->limits, {}};
    recent_.remember(digest, {who, asked});
    co_return who;
}

}  // namespace parley
