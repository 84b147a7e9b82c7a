// One reply that has a sequence: first its prompt is read, then it is written token by token.
// Thread safety: none; belongs to the engine's thread.
#pragma once

#include "adapters/llama/generation_job.hpp"
#include "adapters/llama/reply_text.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace parley {

class running_chat {
public:
    /// `room`: tokens of prompt and reply together.
    running_chat(std::unique_ptr<generation_job> job, kv_slots::claim place, std::int64_t room);

    [[nodiscard]] std::size_t slot() const { return place_.slot; }
    [[nodiscard]] bool stop_asked() const { return job_->box->stop_asked(); }
    [[nodiscard]] bool ended() const { return ended_; }

    /// Writing: one token was chosen and is to be fed back.
    [[nodiscard]] bool writes() const { return next_.has_value(); }
    [[nodiscard]] std::span<token_id const> next_token() const { return {&*next_, 1}; }

    /// What is left of the prompt when the sequence holds `held` tokens.
    [[nodiscard]] std::span<token_id const> unread(std::size_t held) const {
        return std::span(job_->prompt).subspan(held);
    }

    /// Throws when no token fits the form that was asked for.
    [[nodiscard]] token_id choose(std::span<float const> logits);

    /// A control token that is no text for readers, but for the parser of tool calls.
    [[nodiscard]] bool shows(token_id token) const { return job_->rules && job_->rules->shows(token); }

    /// The model wrote this token.
    void write(token_id token, std::string_view bytes, steady::time_point now);
    void end(finish_reason reason);
    /// The model has come to its own end.
    void end_whole();
    void end_stopped();
    void end_failed(error failure);

    /// Hands the text of this batch, and the end, to the reader.
    void deliver();

private:
    void finish(generation_end end, bool whole = false);
    void show(reply_parser::pieces const& pieces);

    std::unique_ptr<generation_job> const job_;
    kv_slots::claim const place_;
    std::int64_t const most_tokens_;  // of the reply
    steady::time_point const begun_ = steady::now();
    sampler sampler_;
    reply_text text_;
    std::optional<token_id> next_;
    std::int64_t written_ = 0;
    steady::time_point first_token_;
    steady::time_point last_token_;
    std::string undelivered_reasoning_;
    std::string undelivered_;
    std::optional<generation_end> end_;
    bool ended_ = false;
};

}  // namespace parley
