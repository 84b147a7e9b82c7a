#include "common/config_secret.hpp"

#include "common/ascii.hpp"

#include <algorithm>
#include <vector>

namespace parley {
namespace {

struct range {
    std::size_t begin = 0;
    std::size_t size = 0;
};

/// user:password@ stands between "://" and the last "@" before the options. An address that is written
/// wrongly may have "/" in its password.
void find_password_of_user(std::string_view address, std::size_t options, std::vector<range>& found) {
    auto const scheme = address.find("://");
    auto const begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    auto const end = address.substr(0, options).rfind('@');
    if (end == std::string_view::npos || end < begin) return;
    auto const colon = address.substr(begin, end - begin).find(':');
    if (colon == std::string_view::npos || begin + colon + 1 == end) return;
    found.push_back({begin + colon + 1, end - begin - colon - 1});
}

bool names_a_secret(std::string_view option) {
    auto const name = ascii_lower(option);
    return name.ends_with("password") || name == "authmechanismproperties";
}

void find_options(std::string_view address, std::size_t options, std::vector<range>& found) {
    for (auto begin = options; begin < address.size();) {
        ++begin;  // "?" or "&"
        auto const end = std::min(address.find_first_of("&#", begin), address.size());
        auto const equals = address.substr(begin, end - begin).find('=');
        if (equals != std::string_view::npos && names_a_secret(address.substr(begin, equals))) {
            found.push_back({begin + equals + 1, end - begin - equals - 1});
        }
        begin = end;
    }
}

std::vector<range> secrets_of(std::string_view address) {
    std::vector<range> found;
    auto const options = std::min(address.find('?'), address.size());
    find_password_of_user(address, options, found);
    find_options(address, options, found);
    return found;
}

}  // namespace

bool has_secret(std::string_view address) { return !secrets_of(address).empty(); }

std::string without_secret(std::string_view address) {
    std::string out{address};
    auto const found = secrets_of(address);
    for (auto one = found.rbegin(); one != found.rend(); ++one) out.replace(one->begin, one->size, "***");
    return out;
}

}  // namespace parley
