// What a message says: plain text, or a list of typed parts.
#pragma once

#include "common/error.hpp"

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace parley {

struct text_part {
    std::string text;
    bool operator==(text_part const&) const = default;
};

using content_parts = std::vector<text_part>;
using message_content = std::variant<std::string, content_parts>;

/// The text a model reads: parts are joined with nothing between them.
[[nodiscard]] std::string plain_text(message_content const& content);

[[nodiscard]] std::size_t text_bytes(message_content const& content);

/// Errors: invalid_content (empty or over 262,144 characters, in a part too; not UTF-8; no part or more than
/// 64 parts).
[[nodiscard]] result<message_content> make_content(message_content draft);

}  // namespace parley
