#include "modules/identity/credentials.hpp"

#include <algorithm>

namespace parley {
namespace {

constexpr std::string_view scheme = "bearer ";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::optional<std::string_view> bearer_token(std::string_view authorization) {
    auto const begins = authorization.size() > scheme.size() &&
                        std::ranges::equal(authorization.substr(0, scheme.size()), scheme, {}, lower);
    if (!begins) return std::nullopt;
    auto const first = authorization.find_first_not_of(' ', scheme.size());
    return first == std::string_view::npos ? std::nullopt : std::optional{authorization.substr(first)};
}

}  // namespace parley
