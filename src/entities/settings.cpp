#include "entities/settings.hpp"

#include "entities/limits.hpp"
#include "entities/text_rules.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

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

result<void> check_template(std::optional<std::string> const& text) {
    if (!text) return {};
    if (auto ok = check_text(*text, {0, limits::prompt}, code, "settings.content_template"); !ok) return ok;
    return require(text->contains("{{content}}"), "The template must have {{content}} in it.",
                   "settings.content_template");
}

constexpr std::array busy_policies{busy_policy::reject, busy_policy::queue, busy_policy::interrupt};
constexpr std::array all_masked{masked::email, masked::phone, masked::card};

}  // namespace

std::string_view to_text(busy_policy policy) {
    switch (policy) {
        case busy_policy::reject:
            return "reject";
        case busy_policy::queue:
            return "queue";
        case busy_policy::interrupt:
            return "interrupt";
    }
    return "reject";
}

std::optional<busy_policy> parse_busy_policy(std::string_view text) {
    for (auto const policy : busy_policies) {
        if (to_text(policy) == text) return policy;
    }
    return std::nullopt;
}

std::string_view to_text(masked what) {
    switch (what) {
        case masked::email:
            return "email";
        case masked::phone:
            return "phone";
        case masked::card:
            return "card";
    }
    return "email";
}

std::optional<masked> parse_masked(std::string_view text) {
    for (auto const what : all_masked) {
        if (to_text(what) == text) return what;
    }
    return std::nullopt;
}

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
    if (auto ok = check_template(draft.content_template); !ok) return std::unexpected(ok.error());
    if (auto ok = check_tools(draft.tools); !ok) return std::unexpected(ok.error());
    if (draft.tool_choice) {
        if (auto ok = check_tool_choice(*draft.tool_choice); !ok) return std::unexpected(ok.error());
    }
    if (draft.response_format) {
        if (auto ok = check_response_format(*draft.response_format); !ok) return std::unexpected(ok.error());
    }
    std::ranges::sort(draft.mask);
    auto const again = std::ranges::unique(draft.mask);
    draft.mask.erase(again.begin(), again.end());
    return draft;
}

result<settings_patch> make_settings_patch(settings_patch draft) {
    auto checked = make_settings(apply(draft, settings{}));
    if (!checked) return std::unexpected(checked.error());
    if (draft.mask) draft.mask = std::move(checked->mask);
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
    if (patch.on_busy) before.on_busy = *patch.on_busy;
    if (patch.content_template) before.content_template = *patch.content_template;
    if (patch.mask) before.mask = *patch.mask;
    if (patch.tools) before.tools = *patch.tools;
    if (patch.tool_choice) before.tool_choice = *patch.tool_choice;
    if (patch.response_format) before.response_format = *patch.response_format;
    return before;
}

}  // namespace parley
