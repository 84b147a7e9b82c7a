// PARLEY_… variables over the files' values.
#include "common/config_draft.hpp"
#include "common/config_lists.hpp"
#include "common/config_suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace parley {
namespace {

/// Variables of what stands around the program: tests, benchmarks, ./dev.
bool belongs_to_tools(std::string_view name) {
    constexpr std::array prefixes{"PARLEY_TEST_", "PARLEY_BENCH_", "PARLEY_BUILD_", "PARLEY_DEV_",
                                  "PARLEY_LLAMA_"};
    constexpr std::array names{"PARLEY_BINARY", "PARLEY_CACHE_DIR", "PARLEY_JOBS", "PARLEY_PRESET",
                               "PARLEY_PYTHON"};
    return std::ranges::any_of(prefixes, [&](auto const* prefix) { return name.starts_with(prefix); }) ||
           std::ranges::find(names, name) != names.end();
}

/// Kubernetes and Docker links put these into every container beside a service that is named parley.
bool comes_from_the_orchestrator(std::string_view name, std::string_view value) {
    return name == "PARLEY_SERVICE_HOST" || name.starts_with("PARLEY_SERVICE_PORT") ||
           name.starts_with("PARLEY_PORT_") ||
           (name == "PARLEY_PORT" && value.find("://") != std::string_view::npos);
}

/// Of the store that parley migrate-store copies into: PARLEY_TO_STORE_URI and so on.
bool names_a_target(std::string_view name) {
    if (!name.starts_with(target_prefix)) return false;
    auto const key = "PARLEY_" + std::string{name.substr(target_prefix.size())};
    return std::ranges::any_of(config_keys(), [&](config_key<config> const& one) {
        return one.name.starts_with("store.") && environment_name(one.name) == key;
    });
}

bool holds_an_api_key(config_draft const& draft, std::string_view name) {
    return std::ranges::find(draft.values.upstreams, name, &upstream_config::api_key_variable) !=
           draft.values.upstreams.end();
}

void apply_variable(config_draft& draft, std::string const& name, std::string const& value,
                    std::filesystem::path const& base) {
    auto const row = std::ranges::find(
        config_keys(), name, [](config_key<config> const& key) { return environment_name(key.name); });
    if (row != config_keys().end()) return apply_value(draft, *row, value, {name, base});
    auto const known = environment_names();
    if (std::ranges::find(known, name) != known.end()) return;  // lists were read before
    if (belongs_to_tools(name) || comes_from_the_orchestrator(name, value) || names_a_target(name) ||
        holds_an_api_key(draft, name)) {
        return;
    }
    auto const suggestion = nearest(name, known);
    draft.complain(name, {},
                   "there is no such variable" +
                       (suggestion ? fmt::format("; did you mean {}?", *suggestion) : std::string{}));
}

}  // namespace

void apply_environment(config_draft& draft,
                       std::map<std::string, std::string, std::less<>> const& environment,
                       std::filesystem::path const& base) {
    // First, because what stands there may name other variables.
    for_each_list([&](auto const& list) {
        auto const found = environment.find(environment_name(list.name));
        if (found == environment.end()) return;
        apply_list_yaml(draft, list.name,
                        {.label = found->first, .text = found->second, .base = base, .with_lines = false});
    });
    for (auto const& [name, value] : environment) {
        if (name.starts_with("PARLEY_")) apply_variable(draft, name, value, base);
    }
}

}  // namespace parley
