#include "app/model_price.hpp"

#include <cmath>

namespace parley {
namespace {

/// Rounded, because 0.15 is a little less than fifteen hundredths.
std::int64_t in_millionths(double price) {
    constexpr double millionths = 1'000'000.0;
    return std::llround(price * millionths);
}

}  // namespace

std::optional<token_price> price_of(model_config const& settings) {
    token_price const price{.input = in_millionths(settings.price_input),
                            .cached_input = in_millionths(settings.price_cached_input),
                            .output = in_millionths(settings.price_output)};
    if (price == token_price{}) return std::nullopt;
    return price;
}

}  // namespace parley
