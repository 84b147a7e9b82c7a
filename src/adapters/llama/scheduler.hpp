// Continuous batching: which replies run, and what goes into the next batch. The tokens of replies that are
// being written go first, then a bounded piece of the prompts that are being read; who waits gets the next
// free sequence in order of arrival. Thread safety: none; belongs to the engine's thread.
#pragma once

#include "adapters/llama/decoder.hpp"
#include "adapters/llama/generation_job.hpp"
#include "adapters/llama/kv_slots.hpp"
#include "adapters/llama/model_loader.hpp"
#include "adapters/llama/running_chat.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace parley {

class scheduler {
public:
    /// The model must outlive the scheduler.
    scheduler(loaded_model const& loaded, std::size_t sequences, std::function<int()> decode_fault,
              bool ignore_end_of_text);

    void add(std::unique_ptr<generation_job> job) { waiting_.push_back(std::move(job)); }
    [[nodiscard]] bool idle() const { return waiting_.empty() && running_.empty(); }

    /// One batch: ends what was stopped, begins what can begin, decodes, delivers. Does not throw: what a
    /// library throws (or running out of memory) fails the replies that run, and the next ones start afresh.
    void step();

private:
    void run_batch();
    void start_afresh();
    void end_stopped();
    void begin_waiting();
    [[nodiscard]] std::vector<batch_part> plan() const;
    void take_result(batch_part const& part);
    void choose_token(running_chat& chat, batch_part const& part);
    [[nodiscard]] std::string piece_of(token_id token, bool with_control) const;
    void fail_chats(std::span<batch_part const> parts);
    void deliver_and_clean();
    [[nodiscard]] running_chat& chat_in(std::size_t slot);

    loaded_model const& loaded_;
    llama_vocab const& vocabulary_;
    bool const ignore_end_of_text_;
    std::size_t const sequences_;
    kv_slots slots_;
    decoder decoder_;
    std::deque<std::unique_ptr<generation_job>> waiting_;
    std::vector<std::unique_ptr<running_chat>> running_;  // in order of their beginning
};

}  // namespace parley
