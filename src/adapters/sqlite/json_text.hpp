// The few values that are kept as compact JSON text. What is empty is kept as NULL, so that most rows need no
// parser.
#pragma once

#include "entities/attributes.hpp"
#include "entities/content.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::sqlite {

/// {"key":"value",…}; nullopt when there are no pairs.
[[nodiscard]] std::optional<std::string> attributes_to_json(attributes const& values);
/// Text that is not such an object (only a damaged file holds it) gives what can be read of it.
[[nodiscard]] attributes attributes_from_json(std::string_view text);

/// ["…",…]; nullopt when empty.
[[nodiscard]] std::optional<std::string> strings_to_json(std::vector<std::string> const& values);
[[nodiscard]] std::vector<std::string> strings_from_json(std::string_view text);

/// [{"type":"text","text":"…"},{"type":"image_url","url":"…"},…]
[[nodiscard]] std::string parts_to_json(content_parts const& parts);
[[nodiscard]] content_parts parts_from_json(std::string_view text);

}  // namespace parley::sqlite
