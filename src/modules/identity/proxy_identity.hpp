// Callers whom a proxy has identified: it sets a header, and nobody else may. Thread safety: any event loop.
// Ownership: store and clock outlive it.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "modules/identity/caller.hpp"
#include "modules/identity/credentials.hpp"
#include "modules/identity/recent_callers.hpp"
#include "services/clock.hpp"
#include "services/identity_store.hpp"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <string>
#include <variant>
#include <vector>

namespace parley {

/// Addresses of proxies: "10.0.0.7", "10.0.0.0/8", "fd00::/8".
class proxy_list {
public:
    /// Errors: invalid (invalid_address) with the text that is none.
    [[nodiscard]] static result<proxy_list> parse(std::vector<std::string> const& texts);

    [[nodiscard]] bool contains(boost::asio::ip::address const& peer) const;

private:
    using network = std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6>;
    std::vector<network> networks_;
};

class proxy_identity {
public:
    /// `header`: what it is called, for error messages.
    proxy_identity(identity_store& store, clock const& time, proxy_list proxies, std::string header,
                   steady_source steady = steady_now);

    /// Errors: unauthenticated (untrusted_proxy, missing_user, invalid_user); those of the store.
    [[nodiscard]] task<result<caller>> identify(credentials const& shown);

private:
    identity_store& store_;
    clock const& time_;
    proxy_list const proxies_;
    std::string const header_;
    recent_callers recent_;
};

}  // namespace parley
