// What can be said of a model without loading it: for models that are loaded only when somebody asks for
// them. Thread safety: functions from any thread; they read the beginning of a file (some 50 ms), so not on
// an event loop.
#pragma once

#include "common/config.hpp"
#include "common/error.hpp"

#include <cstdint>
#include <string>

namespace parley {

struct model_facts {
    std::int64_t context_window = 0;  // what is configured, at most what the model was trained for
    std::string description;          // the name the file gives itself
    std::uint64_t memory_bytes = 0;   // see estimate_model_memory()
};

/// Errors: unavailable (model_failed), as loading would end, as far as the file's beginning shows it.
[[nodiscard]] result<model_facts> read_model_facts(model_config const& settings);

/// Bytes that the model will take: its file (all of its parts), the keys and values of `parallel` chats of
/// `context_window` tokens, and an allowance for the buffers of computing. Errors: as above.
[[nodiscard]] result<std::uint64_t> estimate_model_memory(model_config const& settings);

}  // namespace parley
