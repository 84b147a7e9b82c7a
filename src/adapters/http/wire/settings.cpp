#include "adapters/http/wire/settings.hpp"

#include "adapters/http/wire/object_reader.hpp"
#include "adapters/http/wire/tools.hpp"

#include <string>
#include <utility>
#include <vector>

namespace parley::http {
namespace {

/// Absent: nullopt. Null: an inner nullopt, the default. Otherwise what `read` makes of it.
template <class T>
std::optional<std::optional<T>> resettable(object_reader& in, std::string_view key,
                                           std::optional<T> (object_reader::*read)(std::string_view)) {
    using change = std::optional<std::optional<T>>;
    if (in.is_null(key)) return change{std::in_place, std::nullopt};
    auto value = (in.*read)(key);
    return value ? change{std::in_place, std::move(value)} : change{};
}

std::optional<prompt_role> read_prompt_role(object_reader& in) {
    if (in.is_null("role")) return prompt_role::system;
    auto const text = in.text("role");
    if (!text) return std::nullopt;
    auto role = parse_prompt_role(*text);
    if (!role) in.fail("role", "invalid_settings", "The role must be system, developer or user.");
    return role;
}

std::optional<busy_policy> read_on_busy(object_reader& in) {
    if (in.is_null("on_busy")) return busy_policy::reject;
    auto const text = in.text("on_busy");
    if (!text) return std::nullopt;
    auto policy = parse_busy_policy(*text);
    if (!policy) in.fail("on_busy", "invalid_settings", "on_busy must be reject, queue or interrupt.");
    return policy;
}

std::optional<std::vector<masked>> read_mask(object_reader& in) {
    if (in.is_null("mask")) return std::vector<masked>{};
    auto const texts = in.texts("mask");
    if (!texts) return std::nullopt;
    std::vector<masked> mask;
    for (auto const& text : *texts) {
        auto const what = parse_masked(text);
        if (!what) in.fail("mask", "invalid_settings", "A mask must be email, phone or card.");
        if (what) mask.push_back(*what);
    }
    return mask;
}

}  // namespace

result<settings_patch> read_settings(boost::json::object const& object) {
    object_reader in{
        object,
        "settings.",
        {"model_name", "role", "prompt", "temperature", "top_p", "max_output_tokens", "stop", "seed",
         "on_busy", "content_template", "mask", "tools", "tool_choice", "response_format"}};
    settings_patch patch;
    patch.model_name = resettable(in, "model_name", &object_reader::text);
    patch.role = read_prompt_role(in);
    patch.prompt = resettable(in, "prompt", &object_reader::text);
    patch.temperature = resettable(in, "temperature", &object_reader::number);
    patch.top_p = resettable(in, "top_p", &object_reader::number);
    patch.max_output_tokens = resettable(in, "max_output_tokens", &object_reader::integer);
    patch.stop = in.is_null("stop") ? std::vector<std::string>{} : in.texts("stop");
    patch.seed = resettable(in, "seed", &object_reader::integer);
    patch.on_busy = read_on_busy(in);
    patch.content_template = resettable(in, "content_template", &object_reader::text);
    patch.mask = read_mask(in);
    patch.tools = read_tools(in);
    patch.tool_choice = resettable(in, "tool_choice", &object_reader::text);
    patch.response_format = read_response_format(in);
    if (in.failure()) return std::unexpected(*in.failure());
    return make_settings_patch(std::move(patch));
}

}  // namespace parley::http
