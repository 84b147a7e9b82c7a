#include "adapters/llama/backend.hpp"

#include "common/log.hpp"

#include <llama.h>
#include <log.h>

#include <cstdlib>
#include <mutex>
#include <string_view>

namespace parley {

namespace {

/// The threads of a model wait for each other some hundred times a token. OpenMP lets them spin for
/// milliseconds before they sleep: on a busy machine they spin away the time of those they wait for (0.4
/// tokens/s where this gives 23, and no less when the machine is idle; docs/models.md). Read when the library
/// starts, so it must be there before; who has chosen otherwise in the environment is heard.
[[gnu::constructor(101)]] void wait_briefly() {
    if (std::getenv("OMP_WAIT_POLICY") == nullptr) ::setenv("GOMP_SPINCOUNT", "1000", 0);
}

thread_local std::string* complaints = nullptr;
thread_local std::string line;

void take_log(ggml_log_level level, char const* text, void*) {
    std::string_view const piece(text);
    if (complaints != nullptr && level == GGML_LOG_LEVEL_ERROR) *complaints += piece;
    line += piece;
    if (!line.ends_with('\n')) return;
    line.pop_back();
    if (!line.empty()) log::debug("llama.cpp", {{"text", std::string_view(line)}});
    line.clear();
}

}  // namespace

void start_llama_backend() {
    static std::once_flag once;
    std::call_once(once, [] {
        llama_log_set(take_log, nullptr);
        common_log_set_verbosity_thold(
            -1);  // its common library has a log of its own, which writes to standard error
        llama_backend_init();
    });
}

llama_complaints::llama_complaints() { complaints = &text_; }
llama_complaints::~llama_complaints() { complaints = nullptr; }

}  // namespace parley
