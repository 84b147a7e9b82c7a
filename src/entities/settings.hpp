// How an interaction talks to its model.
#pragma once

#include "common/error.hpp"
#include "entities/tools.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

/// Under which role `prompt` is sent.
enum class prompt_role { system, developer, user };

[[nodiscard]] std::string_view to_text(prompt_role role);
[[nodiscard]] std::optional<prompt_role> parse_prompt_role(std::string_view text);

/// What a send does while a reply is being written in the interaction: it is refused, waits for its turn, or
/// ends that reply and those that wait.
enum class busy_policy { reject, queue, interrupt };

[[nodiscard]] std::string_view to_text(busy_policy policy);
[[nodiscard]] std::optional<busy_policy> parse_busy_policy(std::string_view text);

/// What is hidden from models in a user's text.
enum class masked { email, phone, card };

[[nodiscard]] std::string_view to_text(masked what);
[[nodiscard]] std::optional<masked> parse_masked(std::string_view text);

/// Every field may be absent: the model's own default applies then.
struct settings {
    std::optional<std::string> model_name;  // 1–200 characters; absent: the server's default model
    prompt_role role = prompt_role::system;
    std::optional<std::string> prompt;              // at most 32,768 characters
    std::optional<double> temperature;              // 0–2; 0 takes the likeliest token
    std::optional<double> top_p;                    // above 0, at most 1
    std::optional<std::int64_t> max_output_tokens;  // 1–131,072
    std::vector<std::string> stop;                  // at most 8, each 1–128 characters
    std::optional<std::int64_t> seed;               // 0 to 2^32-1
    busy_policy on_busy = busy_policy::reject;
    // Around what the user writes, with {{content}} in it; at most 32,768 characters.
    std::optional<std::string> content_template;
    std::vector<masked> mask;  // in the order of the enumeration, each once
    std::vector<tool_definition> tools;
    std::optional<std::string> tool_choice;  // auto, none, required, or a tool's name
    std::optional<parley::response_format> response_format;

    bool operator==(settings const&) const = default;
};

/// Errors: invalid_settings, param "settings.<field>".
[[nodiscard]] result<settings> make_settings(settings draft);

/// A change of some members: absent leaves a member as it is, an inner nullopt resets it to the default.
struct settings_patch {
    std::optional<std::optional<std::string>> model_name;
    std::optional<prompt_role> role;
    std::optional<std::optional<std::string>> prompt;
    std::optional<std::optional<double>> temperature;
    std::optional<std::optional<double>> top_p;
    std::optional<std::optional<std::int64_t>> max_output_tokens;
    std::optional<std::vector<std::string>> stop;
    std::optional<std::optional<std::int64_t>> seed;
    std::optional<busy_policy> on_busy;
    std::optional<std::optional<std::string>> content_template;
    std::optional<std::vector<masked>> mask;
    std::optional<std::vector<tool_definition>> tools;
    std::optional<std::optional<std::string>> tool_choice;
    std::optional<std::optional<parley::response_format>> response_format;
};

/// No rule spans two members, so a valid patch of valid settings is valid. Errors: invalid_settings.
[[nodiscard]] result<settings_patch> make_settings_patch(settings_patch draft);

[[nodiscard]] settings apply(settings_patch const& patch, settings before);

}  // namespace parley
