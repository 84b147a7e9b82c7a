#include "adapters/http/wire/money.hpp"

#include <cstddef>

namespace parley::http {

std::string decimal_of_picos(std::int64_t picos) {
    constexpr std::size_t places = 12;
    bool const below_zero = picos < 0;
    // Negated as unsigned: the smallest number has no positive counterpart.
    auto const size = below_zero ? ~static_cast<std::uint64_t>(picos) + 1 : static_cast<std::uint64_t>(picos);
    auto text = std::to_string(size);
    if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
    text.insert(text.size() - places, ".");
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return below_zero ? "-" + text : text;
}

}  // namespace parley::http
