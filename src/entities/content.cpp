#include "entities/content.hpp"

#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

namespace parley {

std::string plain_text(message_content const& content) {
    if (auto const* text = std::get_if<std::string>(&content)) return *text;
    std::string joined;
    for (auto const& part : std::get<content_parts>(content)) joined += part.text;
    return joined;
}

std::size_t text_bytes(message_content const& content) {
    if (auto const* text = std::get_if<std::string>(&content)) return text->size();
    std::size_t bytes = 0;
    for (auto const& part : std::get<content_parts>(content)) bytes += part.text.size();
    return bytes;
}

result<message_content> make_content(message_content draft) {
    if (auto const* parts = std::get_if<content_parts>(&draft)) {
        if (parts->empty() || parts->size() > limits::content_parts) {
            return invalid("invalid_content", "A message has from 1 to 64 parts.", "content");
        }
        for (auto const& part : *parts) {
            if (auto ok = check_text(part.text, {1, limits::content}, "invalid_content", "content"); !ok) {
                return std::unexpected(ok.error());
            }
        }
        return draft;
    }
    auto const& text = std::get<std::string>(draft);
    if (auto ok = check_text(text, {1, limits::content}, "invalid_content", "content"); !ok) {
        return std::unexpected(ok.error());
    }
    return draft;
}

}  // namespace parley
