// From the variables that upstreams name to their keys. No message shows what may be a key.
#include "common/ascii.hpp"
#include "common/config_draft.hpp"
#include "common/config_lists.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace parley {
namespace {

using environment = std::map<std::string, std::string, std::less<>>;

constexpr std::size_t longest_key = 4096;

bool is_small(char c) { return c >= 'a' && c <= 'z'; }

bool names_a_variable(std::string_view name) {
    return !name.empty() && !is_digit(name.front()) &&
           std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == '_'; });
}

/// Somebody may have written the key itself, and keys have small letters.
std::string shown_variable(std::string_view name) {
    return std::ranges::any_of(name, is_small) ? std::string{"that is named"} : std::string{name};
}

/// Nothing, or what is wrong with it.
std::string problem_of_name(std::string_view name) {
    if (!names_a_variable(name)) {
        return "is not the name of an environment variable (letters, digits and _); the key itself belongs "
               "into that variable";
    }
    auto const own = environment_names();
    if (std::ranges::find(own, name) != own.end() || name.starts_with(target_prefix)) {
        return fmt::format("{} has another meaning for Parley; choose another name", name);
    }
    return {};
}

std::string problem_of_value(std::string_view name, environment::const_iterator found, bool absent) {
    auto const variable = shown_variable(name);
    if (absent) return fmt::format("the variable {} is not set; it must hold the key", variable);
    auto const& value = found->second;
    if (value.empty()) return fmt::format("the variable {} is empty; it must hold the key", variable);
    if (value.size() > longest_key) return fmt::format("the variable {} is too long for a key", variable);
    if (!std::ranges::all_of(value, [](char c) { return c > ' ' && c <= '~'; })) {
        return fmt::format(
            "the variable {} has a blank, a line break or another character in it that no key "
            "can have",
            variable);
    }
    return {};
}

}  // namespace

void read_api_keys(config_draft& draft, environment const& variables) {
    auto& upstreams = draft.values.upstreams;
    for (std::size_t i = 0; i < upstreams.size(); ++i) {
        auto const& name = upstreams[i].api_key_variable;
        auto const key = entry_key("upstreams", i, "api_key_variable");
        if (name.empty() || draft.already_wrong(key)) continue;
        auto const found = variables.find(name);
        auto wrong = problem_of_name(name);
        if (wrong.empty()) wrong = problem_of_value(name, found, found == variables.end());
        if (!wrong.empty()) {
            draft.complain(draft.source_of(key), key, std::move(wrong));
            continue;
        }
        upstreams[i].api_key = found->second;
        draft.origins[entry_key("upstreams", i, "api_key")] = {name};
    }
}

}  // namespace parley
