// The keys that tokens may be signed with: a JSON Web Key Set (RFC 7517) as the operator keeps it in a file.
// Each key is good for one algorithm, whatever a token says about itself (RFC 8725 §3.1).
//
// Thread safety: immutable. Ownership: shared by those who verify.
#pragma once

#include "common/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;  // OpenSSL's

namespace parley {

enum class jwt_algorithm { hs256, rs256, es256, eddsa };

struct jwk {
    std::string kid;  // empty: it has none
    jwt_algorithm algorithm = jwt_algorithm::rs256;
    std::string secret;                 // of hs256
    std::shared_ptr<evp_pkey_st> pkey;  // of the others
};

inline constexpr std::size_t largest_jwk_set = std::size_t{1024} * 1024;  // bytes of its text

class jwk_set {
public:
    /// Keys of other kinds and for other uses are left out, as RFC 7517 §5 asks. Errors: invalid
    /// (invalid_jwks) with what is wrong: no JSON, no usable key, an HS256 secret of less than 32 bytes, an
    /// RSA key of less than 2,048 bits or more than 16,384, a point that is not on P-256, two keys with the
    /// same kid, two members of one name.
    [[nodiscard]] static result<jwk_set> parse(std::string_view json);

    [[nodiscard]] std::vector<jwk> const& keys() const { return keys_; }

private:
    explicit jwk_set(std::vector<jwk> keys) : keys_(std::move(keys)) {}
    std::vector<jwk> keys_;
};

}  // namespace parley
