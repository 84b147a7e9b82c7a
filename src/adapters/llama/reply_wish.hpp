// What is asked of a reply beyond words: calls of tools, or a form. Thread safety: values and pure functions.
#pragma once

#include "common/error.hpp"
#include "entities/tools.hpp"
#include "services/language_model.hpp"

#include <optional>
#include <string>
#include <vector>

namespace parley {

struct reply_wish {
    std::vector<tool_definition> tools;  // that may be called; `parameters` is never empty
    bool must_call = false;
    std::optional<std::string> schema;  // that the answer must follow

    [[nodiscard]] bool plain() const { return tools.empty() && !schema; }
};

/// tool_choice is applied: with "none" no tools are left, with a name that one. A reply that must call a tool
/// needs no other form. Errors: invalid (invalid_schema, invalid_tool_choice).
[[nodiscard]] result<reply_wish> wish_of(generation_request const& request);

}  // namespace parley
