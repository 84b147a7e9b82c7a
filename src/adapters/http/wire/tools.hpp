// Tools, calls of tools and response formats: JSON in, checked values out, and back.
#pragma once

#include "adapters/http/wire/json_writer.hpp"
#include "adapters/http/wire/object_reader.hpp"
#include "entities/message.hpp"
#include "entities/tools.hpp"

#include <optional>
#include <vector>

namespace parley::http {

// Members of settings. Absent: nullopt; null: nothing, the default.
[[nodiscard]] std::optional<std::vector<tool_definition>> read_tools(object_reader& settings);
[[nodiscard]] std::optional<std::optional<response_format>> read_response_format(object_reader& settings);

void write(json_writer& out, std::vector<tool_definition> const& tools);
void write(json_writer& out, std::optional<response_format> const& format);
void write(json_writer& out, std::vector<tool_call> const& calls);

}  // namespace parley::http
