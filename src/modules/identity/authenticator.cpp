#include "modules/identity/authenticator.hpp"

namespace parley {
namespace {

std::unexpected<error> nothing_shown(bool tokens) {
    if (tokens) {
        return fail(error_kind::unauthenticated, "missing_token",
                    "This server wants a token or an API key: Authorization: Bearer TOKEN.", "Authorization");
    }
    return fail(error_kind::unauthenticated, "missing_api_key",
                "This server wants an API key: Authorization: Bearer KEY.", "Authorization");
}

}  // namespace

task<result<caller>> authenticator::identify(credentials shown) const {
    if (local_) co_return caller{*local_, all_scopes};
    auto const token = shown.authorization ? bearer_token(*shown.authorization) : std::nullopt;
    // A key that was mistyped must not become whatever the proxy's user may.
    bool const key_meant = token && (keys_->is_key(*token) || begins_like_key(*token));
    if (proxies_ && !key_meant) co_return co_await proxies_->identify(shown);
    if (!token) co_return nothing_shown(tokens_ != nullptr);
    if (tokens_ && !keys_->is_key(*token)) {
        co_return co_await tokens_->identify(*token, shown.known_as);
    }
    co_return co_await keys_->identify(*token);
}

}  // namespace parley
