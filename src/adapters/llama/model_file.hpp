// What can be said about a model file without llama.cpp, and about its complaints. No llama headers.
#pragma once

#include "common/error.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace parley {

/// Errors: unavailable (model_failed): missing, no regular file, not readable, not a GGUF file. The message
/// names the file and says what to do.
[[nodiscard]] result<void> check_model_file(std::filesystem::path const& path);

/// A sentence for people from what llama.cpp complained about while loading `path`.
[[nodiscard]] std::string explain_load_failure(std::filesystem::path const& path,
                                               std::string_view complaints);

/// The first line that says something: what went wrong, where later ones say what else that meant.
[[nodiscard]] std::string_view first_line(std::string_view text);

/// Bytes that can be used without swapping, as the kernel estimates them; the largest number when it does not
/// tell.
[[nodiscard]] std::uint64_t available_memory();

}  // namespace parley
