// A configuration that is being put together from layers, with where each value came from and what was wrong.
#pragma once

#include "common/config.hpp"
#include "common/config_keys.hpp"
#include "common/config_problem.hpp"

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

/// Keys as in config_problem; keys of models that a later layer replaced are gone.
using config_origins = std::map<std::string, config_origin, std::less<>>;

struct config_draft {
    config values;
    config_origins origins;
    config_problems problems;

    void complain(std::string where, std::string key, std::string what) {
        problems.push_back({std::move(where), std::move(key), std::move(what)});
    }
};

/// One value from the environment or the command line, by the table's rule.
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

/// A YAML text that is the list of models (the environment variable's value).
void apply_models_yaml(config_draft& draft, yaml_source const& source);

/// Every PARLEY_… variable; those that are unknown are problems.
void apply_environment(config_draft& draft,
                       std::map<std::string, std::string, std::less<>> const& environment,
                       std::filesystem::path const& base);

/// What no single value shows: names used twice, a default that does not exist, an open door.
void check_config(config_draft& draft);

}  // namespace parley
