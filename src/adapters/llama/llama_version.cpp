#include "adapters/llama/llama_version.hpp"

#include <llama.h>

namespace parley {

std::string_view llama_cpp_version() { return llama_version(); }

}  // namespace parley
