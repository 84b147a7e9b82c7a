// Which llama.cpp is built in.
#pragma once

#include <string_view>

namespace parley {

/// Its release, for people.
[[nodiscard]] std::string_view llama_cpp_version();

}  // namespace parley
