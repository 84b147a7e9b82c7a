// Text that others wrote, made safe for a terminal: what would move its cursor or change its state becomes
// visible.
#pragma once

#include <string>
#include <string_view>

namespace parley {

/// Newline and tab stay; carriage returns go; other control characters become their pictures (U+2400–U+2421),
/// those from U+0080 to U+009F and broken UTF-8 become U+FFFD. `text` holds whole characters.
[[nodiscard]] std::string visible_text(std::string_view text);

/// For a row of a table, which a text must not end nor seem to: newline, tab and carriage return become their
/// pictures, too, and what separates lines or turns the direction of writing (U+061C, U+200E, U+200F,
/// U+2028–U+202E, U+2066–U+2069) becomes U+FFFD.
[[nodiscard]] std::string visible_line(std::string_view text);

}  // namespace parley
