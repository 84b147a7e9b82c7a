#include "adapters/upstream/token_estimate.hpp"

#include "common/utf8.hpp"

#include <algorithm>
#include <variant>

namespace parley::upstream {
namespace {

constexpr std::int64_t of_a_message = 4;  // what a template puts around it
constexpr std::int64_t of_an_image = 800;

}  // namespace

void token_estimate::add(std::string_view piece) {
    auto const plain = static_cast<std::size_t>(
        std::ranges::count_if(piece, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
    ascii_ += plain;
    if (plain != piece.size()) others_ += utf8_length(piece) - plain;
}

std::int64_t estimate_tokens(std::vector<prompt_message> const& prompt) {
    std::int64_t sum = 0;
    for (auto const& message : prompt) {
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
    return sum;
}

std::int64_t estimate_tokens(generation_request const& request) {
    token_estimate tools;
    for (auto const& tool : request.tools) {
        tools.add(tool.name);
        tools.add(tool.description);
        tools.add(tool.parameters);
    }
    return estimate_tokens(request.prompt) + tools.tokens();
}

}  // namespace parley::upstream
