// Amounts of money as JSON numbers without rounding.
#pragma once

#include <cstdint>
#include <string>

namespace parley::http {

/// An amount in 1e-12 of the currency, in decimal: 1'500'000'000'000 is "1.5", 250 is "0.00000000025".
[[nodiscard]] std::string decimal_of_picos(std::int64_t picos);

}  // namespace parley::http
