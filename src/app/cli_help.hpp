// The texts of --help and --version.
#pragma once

#include <string>
#include <string_view>

namespace parley {

[[nodiscard]] std::string_view help_description();
[[nodiscard]] std::string_view help_footer();

/// Several lines, one part each.
[[nodiscard]] std::string version_text();

}  // namespace parley
