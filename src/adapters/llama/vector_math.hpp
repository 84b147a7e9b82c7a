// Loops over blocks of floats that the compiler makes vector instructions of. Pure functions.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace parley {

inline constexpr std::size_t block_size = 16;
inline constexpr float never = -std::numeric_limits<float>::infinity();
using float_block = std::array<float, block_size>;

/// The block that begins at `begin`; where the values end it is filled up with `never`.
[[nodiscard]] inline float_block block_at(std::span<float const> values, std::size_t begin) {
    float_block block;
    if (values.size() - begin >= block_size) {
        std::copy_n(values.data() + begin, block_size, block.begin());
    } else {
        block.fill(never);
        std::ranges::copy(values.subspan(begin), block.begin());
    }
    return block;
}

/// std::ranges::max is one comparison after the other; this is sixteen at a time. NaN is passed over.
[[nodiscard]] inline float largest(std::span<float const> values) {
    float_block best;
    best.fill(never);
    for (std::size_t begin = 0; begin < values.size(); begin += block_size) {
        auto const block = block_at(values, begin);
        for (std::size_t i = 0; i < block_size; ++i) best[i] = best[i] < block[i] ? block[i] : best[i];
    }
    return *std::ranges::max_element(best);
}

[[nodiscard]] inline bool any_reaches(float_block const& values, float least) {
    std::array<std::int32_t, block_size> reached;
    for (std::size_t i = 0; i < block_size; ++i) reached[i] = values[i] >= least ? 1 : 0;
    std::int32_t any = 0;
    for (auto const one : reached) any |= one;
    return any != 0;
}

/// e^((value - best) * factor) for values not above `best`, to a relative error of 1e-5; about 0 (2^-115) for
/// all that is smaller, and for NaN. Without a branch, which would keep the compiler from using vectors.
[[nodiscard]] inline float_block exponentials(float_block const& values, float best, float factor) {
    // 2^x = 2^whole * 2^part; 2^part for part in (-1, 0] by its Taylor series about -1/2.
    constexpr float log2_e = 1.44269504F;
    constexpr float least_power = -115.0F;
    float_block result;
    std::array<std::int32_t, block_size> whole_powers;
    for (std::size_t i = 0; i < block_size; ++i) {
        auto const power = (values[i] - best) * (factor * log2_e);
        result[i] = least_power < power ? power : least_power;
    }
    for (std::size_t i = 0; i < block_size; ++i) {
        auto const whole = static_cast<std::int32_t>(result[i]);
        auto const part = result[i] - static_cast<float>(whole) + 0.5F;
        auto series = 0.00015403530F;
        series = series * part + 0.0013333558F;
        series = series * part + 0.0096181291F;
        series = series * part + 0.055504109F;
        series = series * part + 0.24022651F;
        series = series * part + 0.69314718F;
        result[i] = (series * part + 1.0F) * 0.70710678F;
        whole_powers[i] = (whole + 127) << 23;  // the exponent's place in a float
    }
    auto const scales = std::bit_cast<float_block>(whole_powers);
    for (std::size_t i = 0; i < block_size; ++i) result[i] *= scales[i];
    return result;
}

}  // namespace parley
