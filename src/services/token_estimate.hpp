// How many tokens a text may have, where nobody says it exactly: four bytes of ASCII are one, any other
// character is one. No I/O. Thread safety: none; one measure per text.
#pragma once

#include "common/utf8.hpp"
#include "services/language_model.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

namespace parley {

class token_estimate {
public:
    /// The next piece of valid UTF-8.
    void add(std::string_view piece) {
        auto const plain = static_cast<std::size_t>(
            std::ranges::count_if(piece, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
        ascii_ += plain;
        if (plain != piece.size()) others_ += utf8_length(piece) - plain;
    }
    [[nodiscard]] std::int64_t tokens() const {
        return static_cast<std::int64_t>((ascii_ + 3) / 4 + others_);
    }

private:
    std::size_t ascii_ = 0;
    std::size_t others_ = 0;
};

/// With four more for each message, which a template puts around it, and about 800 for an image.
[[nodiscard]] inline std::int64_t estimate_tokens(generation_request const& request) {
    constexpr std::int64_t of_a_message = 4;
    constexpr std::int64_t of_an_image = 800;
    std::int64_t sum = 0;
    for (auto const& message : request.prompt) {
        token_estimate text;
        text.add(message.content);
        for (auto const& call : message.tool_calls) {
            text.add(call.name);
            text.add(call.arguments);
        }
        auto const images = std::ranges::count_if(
            message.parts, [](content_part const& one) { return std::holds_alternative<image_part>(one); });
        sum += text.tokens() + of_a_message + of_an_image * images;
    }
    token_estimate beside;
    for (auto const& tool : request.tools) {
        beside.add(tool.name);
        beside.add(tool.description);
        beside.add(tool.parameters);
    }
    if (request.response_format) beside.add(request.response_format->schema);
    return sum + beside.tokens();
}

}  // namespace parley
