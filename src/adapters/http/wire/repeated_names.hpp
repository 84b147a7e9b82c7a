// Finds objects that have a name twice: readers of JSON disagree on which one counts (RFC 8259 §4), so we
// take neither.
#pragma once

#include <string_view>

namespace parley::http {

/// `text` is valid JSON.
[[nodiscard]] bool names_repeat(std::string_view text);

}  // namespace parley::http
