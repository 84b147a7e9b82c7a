// A configuration that is being put together from layers, with where each value came from and what was wrong.
#pragma once

#include "common/config.hpp"
#include "common/config_keys.hpp"
#include "common/config_problem.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace parley {

/// Where a value was written.
struct config_origin {
    std::string source;            // "default", "configs/test.yaml:3", "PARLEY_SERVER_PORT", "--port"
    std::filesystem::path base{};  // where a relative path starts
};

/// Keys as in config_problem; keys of lists that a later layer replaced are gone.
using config_origins = std::map<std::string, config_origin, std::less<>>;

struct config_draft {
    config values;
    config_origins origins;
    config_problems problems;

    void complain(std::string where, std::string key, std::string what) {
        problems.push_back({std::move(where), std::move(key), std::move(what)});
    }
    /// Whether some layer gave a value.
    [[nodiscard]] bool has(std::string_view key) const { return origins.contains(key); }
    /// Where it was written, "default" when nowhere.
    [[nodiscard]] std::string source_of(std::string_view key) const {
        auto const found = origins.find(key);
        return found == origins.end() ? std::string{"default"} : found->second.source;
    }
    /// Whether a key that begins so has a problem: then nobody says the same thing in other words.
    [[nodiscard]] bool already_wrong(std::string_view prefix) const {
        return std::ranges::any_of(problems, [&](auto const& one) { return one.key.starts_with(prefix); });
    }
};

/// One value from the environment or the command line, by the table's rule. A list is "a, b", or YAML or JSON
/// where it begins with "[".
void apply_value(config_draft& draft, config_key<config> const& key, std::string const& text,
                 config_origin const& origin);

/// A YAML text that is a whole configuration. `label` names it in messages, with ":<line>" behind it unless
/// `with_lines` is false. An empty text changes nothing.
struct yaml_source {
    std::string label;
    std::string_view text;
    std::filesystem::path base;
    bool with_lines = true;
};
void apply_yaml(config_draft& draft, yaml_source const& source);

/// A YAML text that is one of the lists, "models" or "upstreams" (the environment variable's value).
void apply_list_yaml(config_draft& draft, std::string_view list, yaml_source const& source);

/// Every PARLEY_… variable; those that are unknown, and that no upstream names, are problems.
void apply_environment(config_draft& draft,
                       std::map<std::string, std::string, std::less<>> const& environment,
                       std::filesystem::path const& base);

/// The keys of upstreams, out of the variables that they name.
void read_api_keys(config_draft& draft, std::map<std::string, std::string, std::less<>> const& environment);

/// Values that nobody gave and whose default hangs on others: a remote model's limits.
void complete_values(config_draft& draft);

/// What no single value shows: names used twice, a default that does not exist, an open door.
void check_config(config_draft& draft);

}  // namespace parley
