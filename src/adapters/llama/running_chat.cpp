#include "adapters/llama/running_chat.hpp"

#include <algorithm>
#include <utility>

namespace parley {

running_chat::running_chat(std::unique_ptr<generation_job> job, kv_slots::claim place, std::int64_t room)
    : job_(std::move(job)),
      place_(place),
      most_tokens_(std::min(job_->max_output_tokens, room - static_cast<std::int64_t>(job_->prompt.size()))),
      sampler_(job_->how),
      text_(job_->stop) {
    job_->ticket.begin();
}

token_id running_chat::choose(std::span<float const> logits) {
    auto* grammar = job_->rules ? job_->rules->grammar.get() : nullptr;
    return grammar == nullptr ? sampler_.sample(logits) : grammar->choose(sampler_, logits);
}

void running_chat::write(token_id token, std::string_view bytes, steady::time_point now) {
    if (written_++ == 0) first_token_ = now;
    last_token_ = now;
    next_ = token;
    auto text = text_.feed(bytes);
    if (job_->rules) {
        job_->rules->parser.feed(text);
    } else {
        undelivered_ += text;
    }
    if (text_.stop_string_came()) {
        end(finish_reason::stop);
    } else if (job_->rules && job_->rules->parser.ended()) {
        end_whole();
    } else if (written_ >= most_tokens_) {
        end(finish_reason::length);
    }
}

void running_chat::end(finish_reason reason) {
    generation_end ending;
    ending.finish_reason = reason;
    finish(std::move(ending));
}

void running_chat::end_whole() { finish({}, true); }

void running_chat::end_stopped() {
    generation_end ending;
    ending.stopped = true;
    finish(std::move(ending));
}

void running_chat::end_failed(error failure) {
    generation_end ending;
    ending.failure = std::move(failure);
    finish(std::move(ending));
}

void running_chat::show(reply_parser::pieces const& pieces) {
    undelivered_reasoning_ += pieces.reasoning;
    undelivered_ += pieces.content;
}

void running_chat::finish(generation_end end, bool whole) {
    ended_ = true;
    if (job_->rules) {
        auto& parser = job_->rules->parser;
        parser.feed(text_.finish());
        auto outcome = parser.finish(whole);
        show(outcome.rest);
        end.tool_calls = std::move(outcome.calls);
        if (!end.tool_calls.empty()) end.finish_reason = finish_reason::tool_calls;
    } else {
        undelivered_ += text_.finish();
    }
    end.usage.input_tokens = static_cast<std::int64_t>(job_->prompt.size());
    end.usage.cached_tokens = static_cast<std::int64_t>(place_.kept);
    end.usage.output_tokens = written_;
    end.queued = in_ms(begun_ - job_->accepted);
    if (written_ > 0) {
        end.time_to_first_token = in_ms(first_token_ - job_->accepted);
        end.decoding = in_ms(last_token_ - first_token_);
    }
    end_ = std::move(end);
}

void running_chat::deliver() {
    if (job_->rules && !ended_) show(job_->rules->parser.fresh(steady::now()));
    job_->box->append_reasoning(std::exchange(undelivered_reasoning_, {}));
    job_->box->append(std::exchange(undelivered_, {}));
    if (end_) job_->box->finish(*std::exchange(end_, std::nullopt));
}

}  // namespace parley
