// From files, environment and command line to one checked configuration.
#pragma once

#include "common/config_draft.hpp"
#include "common/config_path.hpp"

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace parley {

/// A value given on the command line.
struct config_flag {
    std::string flag;  // "--port"
    std::string key;   // "server.port"; must be in config_keys()
    std::string text;
};

/// Later ones win: the program's own defaults, the file, PARLEY_… variables, flags.
struct config_request {
    std::optional<std::filesystem::path> file;
    environment_map environment;
    std::vector<config_flag> flags;
    std::filesystem::path working_folder;  // where relative paths of the environment and of flags start
};

struct loaded_config {
    config values;
    config_origins origins;  // of every key
};

/// All problems of all layers, in the layers' order. Reads `file` (at most 1 MiB) and nothing else.
[[nodiscard]] std::expected<loaded_config, config_problems> load_config(config_request const& request);

/// The same with another text than the built-in configs/default.yaml.
[[nodiscard]] std::expected<loaded_config, config_problems> load_config(config_request const& request,
                                                                        std::string_view defaults);

/// The process's variables.
[[nodiscard]] environment_map process_environment();

}  // namespace parley
