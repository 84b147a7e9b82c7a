// What tokens cost: whole numbers, so that sums are exact. The currency is the operator's.
#pragma once

#include "entities/message.hpp"

#include <cstdint>

namespace parley {

/// Millionths of the currency for a million tokens, which is also 1e-12 of it for one token: 0.15 a million
/// is 150,000.
struct token_price {
    std::int64_t input = 0;
    std::int64_t cached_input = 0;
    std::int64_t output = 0;
    bool operator==(token_price const&) const = default;
};

/// In 1e-12 of the currency. `used.cached_tokens` of `used.input_tokens` cost the price of cached ones.
[[nodiscard]] constexpr std::int64_t cost_of(token_usage const& used, token_price const& price) {
    return (used.input_tokens - used.cached_tokens) * price.input + used.cached_tokens * price.cached_input +
           used.output_tokens * price.output;
}

}  // namespace parley
