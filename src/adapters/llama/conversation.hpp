// What a chat template is given: messages, and the tools that the model is told of. Tools, calls and results
// come from people and programs as much as contents do. Knows nothing of llama.cpp. Thread safety: values and
// pure functions.
#pragma once

#include "adapters/llama/control_words.hpp"
#include "services/language_model.hpp"

#include <span>
#include <string>
#include <vector>

namespace parley {

struct conversation {
    std::vector<prompt_message> messages;
    std::vector<tool_definition> tools;
};

/// The arguments of every call become a JSON object, as templates expect it; a model may have written
/// something else, which is then put into one.
[[nodiscard]] conversation conversation_of(std::span<prompt_message const> messages,
                                           std::span<tool_definition const> tools);

/// There are tools, calls or results.
[[nodiscard]] bool speaks_of_tools(conversation const& said);

/// With control words broken in every text of it: see control_words::broken().
[[nodiscard]] conversation broken(control_words const& words, conversation const& said);

/// There is one to be broken.
[[nodiscard]] bool has_control_words(control_words const& words, conversation const& said);

/// The same in nothing but contents, for a template that knows no tools: they are described to the system,
/// calls are what the assistant said, results what the user said.
[[nodiscard]] conversation in_words(conversation const& said);

/// Around a call and a result in such contents.
inline constexpr std::string_view call_begin = "<tool_call>";
inline constexpr std::string_view call_end = "</tool_call>";

/// Of the tool that a result answers; empty when its call is not in the conversation.
[[nodiscard]] std::string tool_name_of(conversation const& said, prompt_message const& tool_result);

}  // namespace parley
