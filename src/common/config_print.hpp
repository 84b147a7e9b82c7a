// A configuration for people: as YAML with where each value came from, and the table of all keys.
#pragma once

#include "common/config_load.hpp"

#include <string>

namespace parley {

/// YAML that can be given back with --config; behind each value a comment says where it came from.
[[nodiscard]] std::string to_yaml(loaded_config const& loaded);

/// The README's table: key, type, default, environment variable, meaning. Markdown, ends with a line break.
[[nodiscard]] std::string config_table_markdown();

}  // namespace parley
