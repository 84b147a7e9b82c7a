// What a GGUF file says about its model, looked at before llama.cpp believes it: llama.cpp ends the process
// where some of these numbers are impossible. Thread safety: pure functions.
#pragma once

#include "common/error.hpp"

#include <filesystem>

namespace parley {

/// Reads the file's metadata, no weights. Errors: unavailable (model_failed) with a sentence that names the
/// file and what in it is impossible; what llama.cpp itself refuses with an error is left to it.
[[nodiscard]] result<void> check_model_metadata(std::filesystem::path const& path);

}  // namespace parley
