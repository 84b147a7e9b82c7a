// Entities as the bytes of a cache entry, and back.
//
// An entry begins with the version of its format and the kind of its entity; whatever is not of exactly this
// version, or cut short, or followed by something, is no entry. Whoever adds a field to an entity adds it to
// the list in entry_codec.cpp and raises the version. Thread safety: pure functions.
#pragma once

#include "entities/interaction.hpp"
#include "entities/user.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley {

[[nodiscard]] std::string encode_entry(interaction const& value);
[[nodiscard]] std::string encode_entry(user const& value);

/// Nothing when the bytes are no entry of this version: a miss.
[[nodiscard]] std::optional<interaction> decode_interaction(std::string_view bytes);
[[nodiscard]] std::optional<user> decode_user(std::string_view bytes);

}  // namespace parley
