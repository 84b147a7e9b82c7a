// Long texts are cut into pieces before they become tokens. Pure functions.
#pragma once

#include <cstddef>
#include <string_view>

namespace parley {

/// Where to end the first piece of `text`, in bytes: the whole text if it has no more than `longest`. Else,
/// within the second half of what is allowed, before a word that a single space sets off, or else behind a
/// line; tokens hardly ever reach across those, so the pieces give the same tokens as the whole. A text
/// without either is cut between two characters. Depends only on the bytes up to `longest`, so a text that
/// grows keeps its pieces.
[[nodiscard]] std::size_t first_piece(std::string_view text, std::size_t longest);

}  // namespace parley
