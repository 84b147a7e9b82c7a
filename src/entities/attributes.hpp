// The free key-value pairs that an application hangs on a user (`extra`), an interaction or a message
// (`metadata`).
#pragma once

#include "common/error.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace parley {

using attributes = std::map<std::string, std::string>;

/// Errors: invalid_metadata (too many pairs; a key or value that is empty, too long or not UTF-8; U+0000).
[[nodiscard]] result<attributes> make_attributes(attributes draft, std::string const& param);

[[nodiscard]] std::size_t text_bytes(attributes const& pairs);

}  // namespace parley
