#include "entities/settings.hpp"

#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

#include <cmath>
#include <limits>

namespace parley {
namespace {

constexpr std::string_view code = "invalid_settings";

result<void> check_optional_text(std::optional<std::string> const& text, length_range range,
                                 std::string_view param) {
    return text ? check_text(*text, range, code, param) : result<void>{};
}

result<void> require(bool holds, std::string_view sentence, std::string_view param) {
    if (holds) return {};
    return invalid(std::string{code}, std::string{sentence}, std::string{param});
}

result<void> check_numbers(settings const& s) {
    auto const& t = s.temperature;
    if (auto ok = require(!t || (std::isfinite(*t) && *t >= 0 && *t <= limits::temperature),
                          "The temperature must be from 0 to 2.", "settings.temperature");
        !ok) {
        return ok;
    }
    if (auto ok = require(!s.top_p || (std::isfinite(*s.top_p) && *s.top_p > 0 && *s.top_p <= 1),
                          "top_p must be above 0 and at most 1.", "settings.top_p");
        !ok) {
        return ok;
    }
    auto const& most = s.max_output_tokens;
    if (auto ok = require(!most || (*most >= 1 && *most <= limits::max_output_tokens),
                          "max_output_tokens must be from 1 to 131072.", "settings.max_output_tokens");
        !ok) {
        return ok;
    }
    return require(!s.seed || (*s.seed >= 0 && *s.seed <= std::numeric_limits<std::uint32_t>::max()),
                   "The seed must be from 0 to 4294967295.", "settings.seed");
}

result<void> check_stop(std::vector<std::string> const& stop) {
    if (auto ok = require(stop.size() <= limits::stop_strings, "At most 8 stop strings are allowed.",
                          "settings.stop");
        !ok) {
        return ok;
    }
    for (auto const& text : stop) {
        if (auto ok = check_text(text, {1, limits::stop_string}, code, "settings.stop"); !ok) return ok;
    }
    return {};
}

}  // namespace

std::string_view to_text(prompt_role role) {
    switch (role) {
        case prompt_role::system:
            return "system";
        case prompt_role::developer:
            return "developer";
        case prompt_role::user:
            return "user";
    }
    return "system";
}

std::optional<prompt_role> parse_prompt_role(std::string_view text) {
    for (auto const role : {prompt_role::system, prompt_role::developer, prompt_role::user}) {
        if (to_text(role) == text) return role;
    }
    return std::nullopt;
}

result<settings> make_settings(settings draft) {
    if (auto ok = check_optional_text(draft.model_name, {1, limits::model_name}, "settings.model_name");
        !ok) {
        return std::unexpected(ok.error());
    }
    if (auto ok = check_optional_text(draft.prompt, {0, limits::prompt}, "settings.prompt"); !ok) {
        return std::unexpected(ok.error());
    }
    if (auto ok = check_numbers(draft); !ok) return std::unexpected(ok.error());
    if (auto ok = check_stop(draft.stop); !ok) return std::unexpected(ok.error());
    return draft;
}

result<settings_patch> make_settings_patch(settings_patch draft) {
    if (auto const checked = make_settings(apply(draft, settings{})); !checked) {
        return std::unexpected(checked.error());
    }
    return draft;
}

settings apply(settings_patch const& patch, settings before) {
    if (patch.model_name) before.model_name = *patch.model_name;
    if (patch.role) before.role = *patch.role;
    if (patch.prompt) before.prompt = *patch.prompt;
    if (patch.temperature) before.temperature = *patch.temperature;
    if (patch.top_p) before.top_p = *patch.top_p;
    if (patch.max_output_tokens) before.max_output_tokens = *patch.max_output_tokens;
    if (patch.stop) before.stop = *patch.stop;
    if (patch.seed) before.seed = *patch.seed;
    return before;
}

}  // namespace parley
