#include "common/config_suggest.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace parley {
namespace {

/// Levenshtein's distance: insertions, deletions and replacements that turn one word into the other.
std::size_t distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> row(to.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= from.size(); ++i) {
        auto diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            auto const replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

/// "server.port" → ".port"; the whole word when it has one part only.
std::string_view last_part(std::string_view word) {
    auto const at = word.find_last_of(word.find('.') == word.npos ? '_' : '.');
    return at == word.npos ? word : word.substr(at + 1);
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<std::string const> candidates) {
    auto const bound = std::max<std::size_t>(2, word.size() / 3);
    std::optional<std::string> best;
    std::size_t best_distance = bound + 1;
    for (auto const& candidate : candidates) {
        auto const here = distance(word, candidate);
        if (here >= best_distance) continue;
        best = candidate;
        best_distance = here;
    }
    if (best) return best;
    auto const same_end = std::ranges::find_if(
        candidates, [&](std::string const& candidate) { return last_part(candidate) == last_part(word); });
    return same_end == candidates.end() ? std::nullopt : std::optional{*same_end};
}

}  // namespace parley
