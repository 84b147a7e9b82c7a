#include "common/config_secret.hpp"

#include <algorithm>
#include <optional>

namespace parley {
namespace {

struct range {
    std::size_t begin = 0;
    std::size_t size = 0;
};

/// user:password@ stands between "://" and the last "@" before the path. A URI that is written wrongly may
/// have "/" in its password: then everything up to the last "@" of all counts.
std::optional<range> password_of_user(std::string_view uri) {
    auto const scheme = uri.find("://");
    auto const begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    auto const end = uri.rfind('@');
    if (end == std::string_view::npos || end < begin) return std::nullopt;
    auto const colon = uri.substr(begin, end - begin).find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    return range{begin + colon + 1, end - begin - colon - 1};
}

std::optional<range> password_parameter(std::string_view uri, std::size_t from) {
    constexpr std::string_view name = "password=";
    auto const query = uri.find('?');
    if (query == std::string_view::npos) return std::nullopt;
    auto const found = uri.find(name, std::max(query, from));
    if (found == std::string_view::npos) return std::nullopt;
    auto const begin = found + name.size();
    return range{begin, std::min(uri.find_first_of("&#", begin), uri.size()) - begin};
}

}  // namespace

bool has_password(std::string_view uri) {
    auto const of_user = password_of_user(uri);
    return (of_user && of_user->size > 0) || password_parameter(uri, 0).has_value();
}

std::string without_password(std::string_view uri) {
    constexpr std::string_view stars = "***";
    std::string out{uri};
    if (auto const found = password_of_user(out); found && found->size > 0)
        out.replace(found->begin, found->size, stars);
    for (auto found = password_parameter(out, 0); found; found = password_parameter(out, found->begin))
        out.replace(found->begin, found->size, stars);
    return out;
}

}  // namespace parley
