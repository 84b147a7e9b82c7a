// A conversation as values of the template engine; what people, models and programs said is marked, so that
// the engine follows it through the template. Thread safety: pure functions.
#pragma once

#include "adapters/llama/conversation.hpp"

#include <jinja/caps.h>
#include <jinja/value.h>

#include <string>

namespace parley {

/// A string of the template's own.
[[nodiscard]] jinja::value template_text(std::string const& text);

/// Roles stand as they are; contents as the template knows them: texts, or lists of parts. The same shape as
/// llama.cpp gives to templates (the messages of OpenAI's chat completions).
[[nodiscard]] jinja::value messages_value(conversation const& said, jinja::caps const& template_knows);

[[nodiscard]] jinja::value tools_value(conversation const& said);

}  // namespace parley
