#include "adapters/http/wire/settings.hpp"

#include "adapters/http/wire/object_reader.hpp"

#include <utility>

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

std::optional<prompt_role> read_role(object_reader& in) {
    if (in.is_null("role")) return prompt_role::system;
    auto const text = in.text("role");
    if (!text) return std::nullopt;
    auto role = parse_prompt_role(*text);
    if (!role) in.fail("role", "invalid_settings", "The role must be system, developer or user.");
    return role;
}

}  // namespace

result<settings_patch> read_settings(boost::json::object const& object) {
    object_reader in{
        object,
        "settings.",
        {"model_name", "role", "prompt", "temperature", "top_p", "max_output_tokens", "stop", "seed"}};
    settings_patch patch;
    patch.model_name = resettable(in, "model_name", &object_reader::text);
    patch.role = read_role(in);
    patch.prompt = resettable(in, "prompt", &object_reader::text);
    patch.temperature = resettable(in, "temperature", &object_reader::number);
    patch.top_p = resettable(in, "top_p", &object_reader::number);
    patch.max_output_tokens = resettable(in, "max_output_tokens", &object_reader::integer);
    patch.stop = in.is_null("stop") ? std::vector<std::string>{} : in.texts("stop");
    patch.seed = resettable(in, "seed", &object_reader::integer);
    if (in.failure()) return std::unexpected(*in.failure());
    return make_settings_patch(std::move(patch));
}

}  // namespace parley::http
