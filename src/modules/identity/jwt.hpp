// JSON Web Tokens in their compact form (RFC 7519, RFC 7515), verified as RFC 8725 advises. Which key a token
// is held against is said by the operator's key set alone: what a header carries itself (jwk, jku, x5c …) is
// not looked at. Thread safety: plain functions.
#pragma once

#include "common/error.hpp"
#include "common/timestamp.hpp"
#include "modules/identity/jwk_set.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

struct jwt_rules {
    std::string issuer;                   // `iss` must be this
    std::vector<std::string> audiences;   // one of them must be in `aud`
    std::chrono::seconds clock_skew{60};  // how much our clock and the issuer's may differ
};

struct jwt_claims {
    std::string subject;  // never empty; at most 255 bytes
    std::string name;     // for people, as the token says it: of any length and kind; may be empty
    std::string scope;    // words with spaces between (RFC 8693 §4.2); empty: the token says nothing
    timestamp expires_at;
};

/// A token has at most 8 KiB. It needs `exp` and holds until before that; `nbf` and `iat` may be absent, and
/// are times that have come otherwise. A `kid` names the key; without one there must be only one key for the
/// algorithm. Errors, all unauthenticated: invalid_token (form, header, unknown key, signature, claims),
/// token_expired, token_not_yet_valid.
[[nodiscard]] result<jwt_claims> verify_jwt(std::string_view token, jwk_set const& keys,
                                            jwt_rules const& rules, timestamp now);

}  // namespace parley
