// What a JSON Schema must not be, looked at before llama.cpp makes a grammar of it: its converter recurses,
// and takes a time that grows without bounds with some schemas. No llama headers. Thread safety: pure
// functions.
#pragma once

#include "common/error.hpp"

#include <string_view>

namespace parley {

/// `whose` begins the sentence of an error: "The schema of response_format". Errors: invalid
/// (invalid_schema): no JSON object, nested too deeply, too large, a $ref that leads nowhere, round in
/// circles or out of the schema, a repetition that no grammar can count.
[[nodiscard]] result<void> check_schema(std::string_view schema, std::string_view whose);

}  // namespace parley
