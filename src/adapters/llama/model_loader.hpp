// From a GGUF file to a model and a context that are ready to work, or to a sentence that says what to do.
// Thread safety: load_model() blocks for seconds; call it from the thread that will own the context.
#pragma once

#include "adapters/llama/llama_handles.hpp"
#include "common/config.hpp"
#include "common/error.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace parley {

struct loaded_model {
    llama_model_ptr model;
    ggml_threadpool_ptr threads;
    llama_context_ptr context;  // goes before its model and its threads
    std::int64_t context_window =
        0;  // of one chat: what was configured, at most what the model was trained for
    std::size_t prefill_chunk = 0;
    std::string description;
};

/// `progress` is told 0 to 1 and returns false to give up. Errors: unavailable (model_failed).
[[nodiscard]] result<loaded_model> load_model(model_config const& settings,
                                              std::function<bool(double)> const& progress);

}  // namespace parley
