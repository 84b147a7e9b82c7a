// Ends a streamed text at the first stop string, also when that comes in pieces.
// Thread safety: none; one filter belongs to one text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

/// Holds back only what could be the beginning of a stop string. Where several stop strings match, the one
/// that ends first counts, and of those the longest: so the result does not depend on how the text was cut
/// into pieces.
class stop_filter {
public:
    /// Empty strings are ignored.
    explicit stop_filter(std::vector<std::string> stops);

    /// Takes the next piece and returns what may be shown now. After a match nothing more comes.
    [[nodiscard]] std::string feed(std::string_view piece);

    /// The text is over: what was still held back (nothing after a match).
    [[nodiscard]] std::string finish();

    [[nodiscard]] bool matched() const { return matched_; }

private:
    [[nodiscard]] std::size_t length_to_hold() const;

    std::vector<std::string> const stops_;
    std::string held_;
    bool matched_ = false;
};

}  // namespace parley
