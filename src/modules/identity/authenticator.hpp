// Who asks. Without authentication everybody is the local user; with auth.mode api_key the caller must show
// the bootstrap key, which belongs to that same user, the server's first administrator.
// Thread safety: immutable.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/sha256.hpp"

#include <optional>
#include <string_view>

namespace parley {

class authenticator {
public:
    /// Everybody is `local`.
    explicit authenticator(user_id local) : local_(local) {}

    /// Only who shows the key is. The key itself is not kept.
    authenticator(user_id local, std::string_view bootstrap_key)
        : local_(local),
          key_(sha256(bootstrap_key)) {}

    /// `authorization` is the header's value: "Bearer KEY", the scheme in any case (RFC 9110 §11.1).
    /// Errors, both unauthenticated: missing_api_key (no header, or another scheme), invalid_api_key.
    [[nodiscard]] result<user_id> identify(std::optional<std::string_view> authorization) const;

private:
    user_id local_;
    std::optional<sha256_digest> key_;
};

}  // namespace parley
