// Tools that a model may ask for, and the form that an answer must have.
#pragma once

#include "common/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace parley {

/// A function of the application's that a model may call.
struct tool_definition {
    std::string name;         // 1–64 of A–Z a–z 0–9 _ -
    std::string description;  // at most 4,096 characters
    std::string parameters;   // a JSON Schema object as JSON text; empty: no parameters
    bool operator==(tool_definition const&) const = default;
};

/// A call that a model asks for.
struct tool_call {
    std::string id;         // unique within the reply
    std::string name;       // of the tool
    std::string arguments;  // JSON text as the model wrote it; a model may write what is no JSON
    bool operator==(tool_call const&) const = default;
};

/// The form of an answer: JSON of any kind, or JSON that follows a schema.
struct response_format {
    std::string name;    // of the schema; 1–64 of A–Z a–z 0–9 _ -; empty: any JSON object
    std::string schema;  // a JSON Schema object as JSON text; empty: any JSON object
    bool operator==(response_format const&) const = default;
};

/// At most 128 tools of different names, 256 KiB together. Errors: invalid_settings, param "settings.tools".
[[nodiscard]] result<void> check_tools(std::vector<tool_definition> const& tools);

/// "auto", "none", "required", or the name of a tool. Errors: invalid_settings, param "settings.tool_choice".
[[nodiscard]] result<void> check_tool_choice(std::string const& choice);

/// Errors: invalid_settings, param "settings.response_format".
[[nodiscard]] result<void> check_response_format(response_format const& format);

/// 1–64 of A–Z a–z 0–9 _ -
[[nodiscard]] bool is_tool_name(std::string_view text);

}  // namespace parley
