// Titles as text: what a model has said, made fit to be one, and one out of the user's own words.
// Thread safety: plain functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parley {

/// Code points.
inline constexpr std::size_t longest_title = 80;

/// The first line that says something, without quotes, marks of lists and headings, a "Title:" before it or a
/// full stop behind it, in at most 80 characters. Empty when nothing is left, or when it is no title: text
/// that goes on beyond 80 characters.
[[nodiscard]] std::string clean_title(std::string_view said);

/// The beginning of the user's words in one line, cut between words, with an ellipsis when there is more.
/// Empty when there is nothing to be read in them.
[[nodiscard]] std::string title_from_words(std::string_view words);

}  // namespace parley
