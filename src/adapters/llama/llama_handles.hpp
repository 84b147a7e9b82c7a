// Owners of llama.cpp's objects.
#pragma once

#include <llama.h>

#include <memory>

namespace parley {

struct llama_model_deleter {
    void operator()(llama_model* model) const { llama_model_free(model); }
};
struct llama_context_deleter {
    void operator()(llama_context* context) const { llama_free(context); }
};
struct ggml_threadpool_deleter {
    void operator()(ggml_threadpool* pool) const { ggml_threadpool_free(pool); }
};
using ggml_threadpool_ptr = std::unique_ptr<ggml_threadpool, ggml_threadpool_deleter>;
using llama_model_ptr = std::unique_ptr<llama_model, llama_model_deleter>;
using llama_context_ptr = std::unique_ptr<llama_context, llama_context_deleter>;

}  // namespace parley
