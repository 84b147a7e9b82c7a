// Text that others wrote, made safe for a terminal: what would move its cursor or change its state becomes
// visible.
#pragma once

#include <string>
#include <string_view>

namespace parley {

/// Newline and tab stay; carriage returns go; other control characters become their pictures (U+2400–U+2421),
/// those from U+0080 to U+009F and broken UTF-8 become U+FFFD. `text` holds whole characters.
[[nodiscard]] std::string visible_text(std::string_view text);

}  // namespace parley
