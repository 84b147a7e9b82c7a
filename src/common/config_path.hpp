// Paths as an operator writes them: ~, ${HOME} and ${XDG_…} are filled in, nothing else is.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace parley {

using environment_map = std::map<std::string, std::string, std::less<>>;

/// `written` may begin with ~ and hold ${HOME} or ${XDG_CACHE_HOME, _CONFIG_HOME, _DATA_HOME, _RUNTIME_DIR,
/// _STATE_HOME}, each with a fallback as in ${XDG_DATA_HOME:-~/.local/share}. Empty variables count as
/// absent, and so does a relative XDG folder (XDG Base Directory Specification). What is still relative then
/// starts at `base`. The error is a sentence: an unknown or absent variable, a brace that is not closed,
/// ~somebody.
[[nodiscard]] std::expected<std::filesystem::path, std::string> expand_path(
    std::string_view written, environment_map const& environment, std::filesystem::path const& base);

}  // namespace parley
