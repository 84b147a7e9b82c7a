#include "modules/routing/target_order.hpp"

#include <algorithm>
#include <random>
#include <variant>

namespace parley {

std::uint64_t random_below(std::uint64_t below) {
    thread_local std::mt19937_64 source{std::random_device{}()};
    return std::uniform_int_distribution<std::uint64_t>{0, below - 1}(source);
}

namespace {

bool shows_image(prompt_message const& one) {
    return std::ranges::any_of(
        one.parts, [](content_part const& part) { return std::holds_alternative<image_part>(part); });
}

}  // namespace

model_abilities needed_by(generation_request const& request) {
    auto const& prompt = request.prompt;
    // One that calls tools is not the end of its turn.
    auto const last_reply = std::ranges::find_if(
        prompt.rbegin(), prompt.rend(),
        [](prompt_message const& one) { return one.role == "assistant" && one.tool_calls.empty(); });
    return {.tools = !request.tools.empty(),
            .structured_output = request.response_format.has_value(),
            .images = std::any_of(prompt.rbegin(), last_reply, shows_image)};
}

bool shows_images(generation_request const& request) {
    return std::ranges::any_of(request.prompt, shows_image);
}

generation_request without_images(generation_request request) {
    for (auto& message : request.prompt) {
        if (shows_image(message)) message.content += image_placeholder;
        message.parts.clear();
    }
    return request;
}

std::string_view missing(model_abilities const& needed, model_abilities const& there) {
    if (needed.tools && !there.tools) return "tools";
    if (needed.structured_output && !there.structured_output) return "a response format";
    if (needed.images && !there.images) return "images";
    return {};
}

std::vector<std::size_t> order_of(std::vector<std::size_t> able, std::vector<std::uint64_t> const& weights,
                                  random_source const& random) {
    auto const weight_of = [&](std::size_t place) { return place < weights.size() ? weights[place] : 0; };
    std::uint64_t sum = 0;
    for (auto const place : able) sum += weight_of(place);
    if (sum == 0) return able;
    auto drawn = random(sum);
    auto chosen = able.begin();
    while (drawn >= weight_of(*chosen)) {
        drawn -= weight_of(*chosen);
        ++chosen;
    }
    std::rotate(able.begin(), chosen, chosen + 1);
    return able;
}

}  // namespace parley
