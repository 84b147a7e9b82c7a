// An embedded model: llama.cpp in this process, behind the language_model port.
#pragma once

#include "common/config.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace parley {

struct llama_options {
    /// While the file is read: 0 to 1, from the model's own thread.
    std::function<void(double)> on_progress;

    /// Once, when info() says ready or failed, also when the model is destroyed while it loads: from the
    /// model's own thread, which must not destroy the model.
    std::function<void(model_state)> on_loaded;

    /// For info() and usage.cost.
    std::optional<token_price> price;

    /// For tests: every prompt as it goes to the model, and the same written out with its control tokens.
    /// Called from a thread of the model before the prompt is begun.
    std::function<void(std::span<std::int32_t const> tokens, std::string_view text)> on_prompt;

    /// For tests: how many generations run and wait, each time that it changes, in order. Called from any
    /// thread with a lock held: it must be short and not call back.
    std::function<void(std::size_t running, std::size_t waiting)> on_counts;

    /// For tests: asked before every batch; anything but 0 is taken for llama_decode's own result.
    std::function<int()> decode_fault;

    /// For benchmarks: go on to the token limit where the model would end.
    bool ignore_end_of_text = false;
};

/// Returns at once and loads in the background: see model_info::state. A file that can not be used gives
/// model_state::failed with a sentence that says what to do; the process goes on. `statistics` must outlive
/// the model and its generations; a generation may outlive the model and then ends with the failure
/// model_stopped.
[[nodiscard]] std::unique_ptr<language_model> make_llama_model(model_config const& settings,
                                                               metrics& statistics,
                                                               llama_options options = {});

}  // namespace parley
