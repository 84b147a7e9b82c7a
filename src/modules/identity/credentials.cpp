#include "modules/identity/credentials.hpp"

#include "common/ascii.hpp"

namespace parley {
namespace {

constexpr std::string_view scheme = "bearer ";

}  // namespace

std::optional<std::string_view> bearer_token(std::string_view authorization) {
    auto const begins =
        authorization.size() > scheme.size() && same_word(authorization.substr(0, scheme.size()), scheme);
    if (!begins) return std::nullopt;
    auto const first = authorization.find_first_not_of(' ', scheme.size());
    return first == std::string_view::npos ? std::nullopt : std::optional{authorization.substr(first)};
}

}  // namespace parley
