// One reply to be written: made by start(), filled by the prompt reader, worked off by the scheduler.
// Passed from thread to thread; owned by one at a time.
#pragma once

#include "adapters/llama/admission.hpp"
#include "adapters/llama/kv_slots.hpp"
#include "adapters/llama/mailbox.hpp"
#include "adapters/llama/reply_rules.hpp"
#include "adapters/llama/sampler.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley {

using steady = std::chrono::steady_clock;

[[nodiscard]] inline std::chrono::milliseconds in_ms(steady::duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span);
}

struct generation_job {
    generation_job(admission::ticket accepted, std::shared_ptr<mailbox> reader)
        : ticket(std::move(accepted)),
          box(std::move(reader)) {}
    generation_job(generation_job const&) = delete;
    generation_job& operator=(generation_job const&) = delete;

    /// Whoever still waits for its end (the server stops) gets one.
    ~generation_job() { fail({error_kind::unavailable, "model_stopped", "The model was shut down."}); }

    void fail(error failure) {
        generation_end end;
        end.usage.input_tokens = static_cast<std::int64_t>(prompt.size());
        end.queued = in_ms(steady::now() - accepted);
        end.failure = std::move(failure);
        box->finish(std::move(end));
    }

    kv_owner owner;
    std::vector<token_id> prompt;
    sampling how;
    std::vector<std::string> stop;
    std::unique_ptr<reply_rules> rules;  // null for a reply of plain words
    std::int64_t max_output_tokens = 0;
    steady::time_point const accepted = steady::now();
    admission::ticket ticket;
    std::shared_ptr<mailbox> const box;
};

}  // namespace parley
