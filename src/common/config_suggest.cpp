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
    auto const at = word.find_last_of(word.find('.') == std::string_view::npos ? '_' : '.');
    return at == std::string_view::npos ? word : word.substr(at + 1);
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<std::string const> candidates) {
    // So near that the word's end counts for less.
    auto const slip = std::min<std::size_t>(2, word.size() / 3);
    auto const bound = std::max<std::size_t>(2, word.size() / 3);
    auto const nearest_one = std::ranges::min_element(
        candidates, {}, [&](std::string const& candidate) { return distance(word, candidate); });
    if (nearest_one == candidates.end()) return std::nullopt;
    auto const changes = distance(word, *nearest_one);
    if (changes <= slip) return *nearest_one;
    auto const same_end = std::ranges::find_if(
        candidates, [&](std::string const& candidate) { return last_part(candidate) == last_part(word); });
    if (same_end != candidates.end()) return *same_end;
    return changes <= bound ? std::optional{*nearest_one} : std::nullopt;
}

}  // namespace parley
