// What a message says: plain text, or a list of typed parts.
#pragma once

#include "common/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace parley {

struct text_part {
    std::string text;
    bool operator==(text_part const&) const = default;
};

/// A picture inside the message: a data URL (RFC 2397) such as data:image/png;base64,iVBORw0…
struct image_part {
    std::string url;
    bool operator==(image_part const&) const = default;
};

/// What stands in an image's place where it can not be shown.
inline constexpr std::string_view image_placeholder = "[image]";

using content_part = std::variant<text_part, image_part>;
using content_parts = std::vector<content_part>;
using message_content = std::variant<std::string, content_parts>;

/// The text a model reads: text parts are joined with nothing between them.
[[nodiscard]] std::string plain_text(message_content const& content);

[[nodiscard]] bool has_images(message_content const& content);

/// Of texts and images.
[[nodiscard]] std::size_t text_bytes(message_content const& content);

/// `shortest`: characters of a text that is no part. Errors: invalid_content (shorter than that, or an empty
/// text part; over 262,144 characters; not UTF-8; no part or more than 64 parts; an image that is no data URL
/// of PNG, JPEG, WebP or GIF in base64, or over 3 MiB).
[[nodiscard]] result<message_content> make_content(message_content draft, std::size_t shortest = 1);

}  // namespace parley
