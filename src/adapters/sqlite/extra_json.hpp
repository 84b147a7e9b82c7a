// What few messages and few interactions have, as one JSON text each: NULL in the row of all others, so that
// these are neither larger nor slower to read.
#pragma once

#include "entities/message.hpp"
#include "entities/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::sqlite {

/// {"tool_call_id":"…","tool_calls":[{"id","name","arguments"}],"reasoning":"…","attempts":[{"target",
/// "outcome","message","ms"}],"cost":n}, each only when it is there; nullopt when none is.
[[nodiscard]] std::optional<std::string> extra_to_json(message const& value);

/// Usage must have been read. What a damaged file holds gives what can be read of it.
void read_extra(std::string_view text, message& into);

/// {"tools":[{"name","description","parameters"}],"choice":"…","format":{"name","schema"}}, as above.
[[nodiscard]] std::optional<std::string> tools_to_json(settings const& value);
void read_tools(std::string_view text, settings& into);

}  // namespace parley::sqlite
