// Finds e-mail addresses (RFC 5321 and 6531 without quoted local parts and address literals). Linear in the
// text.
#pragma once

#include "modules/transform/found_text.hpp"

#include <string_view>

namespace parley {

/// Addresses in any script, also where a text without spaces stands around them. A domain has two labels at
/// least and ends in letters, so `root@localhost`, `lodash@4.17.21` and `icon@2x.png` are none; neither are
/// `git@host:path`,
/// `@user@host` and the user in a URL.
[[nodiscard]] found_texts find_email_addresses(std::string_view text);

}  // namespace parley
