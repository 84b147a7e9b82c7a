// Who asks, by auth.mode. API keys are good in every mode but `none`, so that programs and administrators can
// work beside people who come with tokens or through a proxy.
// Thread safety: any event loop. Ownership: what the makers below are given outlives it.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "modules/identity/caller.hpp"
#include "modules/identity/credentials.hpp"
#include "modules/identity/key_identity.hpp"
#include "modules/identity/proxy_identity.hpp"
#include "modules/identity/token_identity.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace parley {

class authenticator {
public:
    /// Mode none: everybody is `local` and may do everything.
    explicit authenticator(user_id local) : local_(local) {}
    /// Mode api_key.
    explicit authenticator(std::unique_ptr<key_identity> keys) : keys_(std::move(keys)) {}
    /// Mode jwt.
    authenticator(std::unique_ptr<key_identity> keys, std::unique_ptr<token_identity> tokens)
        : keys_(std::move(keys)),
          tokens_(std::move(tokens)) {}
    /// Mode trusted_header.
    authenticator(std::unique_ptr<key_identity> keys, std::unique_ptr<proxy_identity> proxies,
                  std::string user_header)
        : keys_(std::move(keys)),
          proxies_(std::move(proxies)),
          user_header_(std::move(user_header)) {}

    /// Whether everybody is let in.
    [[nodiscard]] bool is_open() const { return local_.has_value(); }

    /// The header in which a proxy says who asks; empty: none is looked at.
    [[nodiscard]] std::string_view user_header() const { return user_header_; }

    /// Errors: unauthenticated (missing_api_key, missing_token, invalid_api_key …), of the store unavailable
    /// and so on.
    [[nodiscard]] task<result<caller>> identify(credentials shown) const;

private:
    std::optional<user_id> local_;
    std::unique_ptr<key_identity> keys_;
    std::unique_ptr<token_identity> tokens_;
    std::unique_ptr<proxy_identity> proxies_;
    std::string user_header_;
};

}  // namespace parley
