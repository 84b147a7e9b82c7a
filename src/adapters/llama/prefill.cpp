#include "adapters/llama/prefill.hpp"

#include <algorithm>
#include <bit>
#include <ranges>

namespace parley {

std::size_t prefill_chunk(std::uint64_t parameters) {
    constexpr std::uint64_t work = 10'000'000'000;  // parameters times tokens: some 100 ms of two cores
    auto const tokens = std::bit_floor(work / std::max<std::uint64_t>(parameters, 1));
    return static_cast<std::size_t>(std::clamp<std::uint64_t>(tokens, 16, 512));
}

std::vector<std::size_t> share_prefill(std::span<std::size_t const> wanted, std::size_t budget) {
    std::vector<std::size_t> shares(wanted.size(), 0);
    for (;;) {
        auto unsatisfied = static_cast<std::size_t>(
            std::ranges::count_if(std::views::iota(std::size_t{0}, wanted.size()),
                                  [&](std::size_t i) { return shares[i] < wanted[i]; }));
        if (unsatisfied == 0 || budget == 0) return shares;
        auto const each = std::max<std::size_t>(budget / unsatisfied, 1);
        for (std::size_t i = 0; i < wanted.size() && budget > 0; ++i) {
            auto const more = std::min({wanted[i] - shares[i], each, budget});
            shares[i] += more;
            budget -= more;
        }
    }
}

}  // namespace parley
