#include "entities/content.hpp"

#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace parley {
namespace {

result<void> check_part(text_part const& part) {
    return check_text(part.text, {1, limits::content}, "invalid_content", "content");
}

bool is_base64(std::string_view text) {
    auto const padding = text.size() - std::min(text.find_last_not_of('=') + 1, text.size());
    if (text.empty() || text.size() % 4 != 0 || padding > 2) return false;
    text.remove_suffix(padding);
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '/';
    });
}

/// The types that all models with eyes take.
result<void> check_part(image_part const& part) {
    constexpr std::array<std::string_view, 4> prefixes{"data:image/png;base64,", "data:image/jpeg;base64,",
                                                       "data:image/webp;base64,", "data:image/gif;base64,"};
    std::string_view const url{part.url};
    auto const* const prefix =
        std::ranges::find_if(prefixes, [&](std::string_view one) { return url.starts_with(one); });
    if (url.size() > limits::image_bytes || prefix == prefixes.end() ||
        !is_base64(url.substr(prefix->size()))) {
        return invalid("invalid_content",
                       "An image is a data URL of a PNG, JPEG, WebP or GIF in base64, of 3 MiB at most.",
                       "content");
    }
    return {};
}

}  // namespace

std::string plain_text(message_content const& content) {
    if (auto const* text = std::get_if<std::string>(&content)) return *text;
    std::string joined;
    for (auto const& part : std::get<content_parts>(content)) {
        if (auto const* text = std::get_if<text_part>(&part)) joined += text->text;
    }
    return joined;
}

bool has_images(message_content const& content) {
    auto const* const parts = std::get_if<content_parts>(&content);
    return parts != nullptr && std::ranges::any_of(*parts, [](content_part const& one) {
               return std::holds_alternative<image_part>(one);
           });
}

std::size_t text_bytes(message_content const& content) {
    if (auto const* text = std::get_if<std::string>(&content)) return text->size();
    std::size_t bytes = 0;
    for (auto const& part : std::get<content_parts>(content)) {
        auto const* const image = std::get_if<image_part>(&part);
        bytes += image != nullptr ? image->url.size() : std::get<text_part>(part).text.size();
    }
    return bytes;
}

result<message_content> make_content(message_content draft, std::size_t shortest) {
    if (auto const* parts = std::get_if<content_parts>(&draft)) {
        if (parts->empty() || parts->size() > limits::content_parts) {
            return invalid("invalid_content", "A message has from 1 to 64 parts.", "content");
        }
        for (auto const& part : *parts) {
            auto const ok = std::visit([](auto const& one) { return check_part(one); }, part);
            if (!ok) return std::unexpected(ok.error());
        }
        return draft;
    }
    auto const& text = std::get<std::string>(draft);
    if (auto ok = check_text(text, {shortest, limits::content}, "invalid_content", "content"); !ok) {
        return std::unexpected(ok.error());
    }
    return draft;
}

}  // namespace parley
