// Protects those who need show nothing from web pages of others. Without authentication, a page elsewhere can
// make a browser talk to 127.0.0.1, by DNS rebinding (its own host name resolved to a loopback address, seen
// in Host) or across origins (seen in Origin). Behind a proxy that knows people by a cookie, it can make
// their browsers send requests that are taken for theirs. Thread safety: immutable.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "common/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

class host_guard {
public:
    /// `configured_host` is server.host: it is allowed beside the loopback names and addresses.
    explicit host_guard(std::string_view configured_host);

    /// `host` is the Host header (or the authority of an absolute target), `origin` the Origin header if
    /// there is one. Errors, both forbidden: host_not_allowed, origin_not_allowed ("null" too: sandboxed
    /// pages of anybody send it).
    [[nodiscard]] result<void> check(std::string_view host, std::optional<std::string_view> origin) const;

private:
    [[nodiscard]] bool is_ours(std::string_view name) const;

    std::string configured_host_;
};

/// Whether a browser says that a page of another site made it ask (Sec-Fetch-Site, the Fetch Metadata
/// specification), other than by leading to a page of ours, not one inside theirs. Browsers say nothing over
/// plain HTTP, but for loopback addresses.
[[nodiscard]] bool comes_from_another_site(request const& call);

/// host [":" port], RFC 9110 §7.2, as far as a server must refuse it: characters and brackets.
[[nodiscard]] bool is_valid_host(std::string_view host);

}  // namespace parley::http
