#include "modules/identity/authenticator.hpp"

#include <algorithm>

namespace parley {
namespace {

constexpr std::string_view scheme = "bearer ";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// What stands behind "Bearer"; nullopt for any other scheme.
std::optional<std::string_view> bearer_token(std::string_view authorization) {
    auto const begins = authorization.size() > scheme.size() &&
                        std::ranges::equal(authorization.substr(0, scheme.size()), scheme, {}, lower);
    if (!begins) return std::nullopt;
    auto const first = authorization.find_first_not_of(' ', scheme.size());
    return first == std::string_view::npos ? std::nullopt : std::optional{authorization.substr(first)};
}

}  // namespace

result<user_id> authenticator::identify(std::optional<std::string_view> authorization) const {
    if (!key_) return local_;
    auto const token = authorization ? bearer_token(*authorization) : std::nullopt;
    if (!token) {
        return fail(error_kind::unauthenticated, "missing_api_key",
                    "This server wants an API key: Authorization: Bearer KEY.", "Authorization");
    }
    if (!equal_in_constant_time(sha256(*token), *key_)) {
        return fail(error_kind::unauthenticated, "invalid_api_key", "This API key is not known here.",
                    "Authorization");
    }
    return local_;
}

}  // namespace parley
