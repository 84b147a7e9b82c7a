#include "adapters/scripted/scripted_generation.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace parley {

namespace {

std::chrono::milliseconds in_ms(std::chrono::steady_clock::duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span);
}

}  // namespace

scripted_generation::scripted_generation(result<script> told, limits bounds, std::vector<std::string> stop,
                                         boost::asio::any_io_executor const& executor)
    : told_(std::move(told)),
      bounds_(bounds),
      filter_(std::move(stop)),
      wakeup_(executor) {}

bool scripted_generation::enter(turnstile& gate) {
    pass_ = gate.enter([this] { wakeup_.notify(); });
    return pass_ != nullptr;
}

void scripted_generation::stop() noexcept {
    stop_asked_ = true;
    wakeup_.notify();
}

task<generation_event> scripted_generation::next(std::chrono::milliseconds longest) {
    auto const deadline = steady::now() + longest;
    // A script without delays must not keep the loop for itself.
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
    for (;;) {
        auto const now = steady::now();
        if (!ending_ && !begun_ && pass_->admitted()) begin(now);
        if (!ending_ && stop_asked_) {
            end(finish_reason::stop);
            ending_->stopped = true;
        }
        auto const due = next_due();
        if (!ending_ && due && *due <= now) {
            auto event = say_token(now);
            if (!std::holds_alternative<generation_idle>(event)) co_return event;
            continue;
        }
        if (ending_) co_return deliver_end();
        if (now >= deadline) co_return generation_idle{};
        auto const until = due ? std::min(*due, deadline) : deadline;
        co_await wakeup_.wait(std::chrono::ceil<std::chrono::milliseconds>(until - now));
    }
}

void scripted_generation::begin(steady::time_point now) {
    begun_ = now;
    if (!told_) {
        end(finish_reason::stop, told_.error());
    } else if (bounds_.input_tokens >= bounds_.context_window) {
        end(finish_reason::length,
            error{
                error_kind::invalid, "context_length_exceeded",
                fmt::format(
                    "The prompt takes {} tokens and the context window has {}: no room is left for a reply.",
                    bounds_.input_tokens, bounds_.context_window)});
    }
}

std::int64_t scripted_generation::thoughts() const { return std::ssize(told_->reasoning); }

std::int64_t scripted_generation::total() const {
    return thoughts() + told_->repeat * std::ssize(told_->tokens);
}

bool scripted_generation::fails_now() const {
    return told_->fail_after && thoughts() + *told_->fail_after <= said_;
}

/// When the next token is to be said; nothing while it waits in line or for stop().
std::optional<scripted_generation::steady::time_point> scripted_generation::next_due() const {
    if (!begun_ || ending_) return std::nullopt;
    auto const fails = fails_now();
    if (said_ >= total() && told_->wait_for_stop && !fails) return std::nullopt;
    auto const over = said_ >= total() || fails;
    if (said_ == 0) return *begun_ + told_->first_delay;
    return over ? last_token_ : last_token_ + told_->delay;
}

/// Says one token, or finds that it is the end: idle when there is nothing to show.
generation_event scripted_generation::say_token(steady::time_point now) {
    auto const shown = [](std::string text) -> generation_event {
        if (text.empty()) return generation_idle{};
        return generation_delta{std::move(text)};
    };
    if (fails_now()) {
        end_failed();
        return shown(filter_.finish());
    }
    if (said_ >= total()) {
        end_naturally();
        return shown(filter_.finish());
    }
    if (said_ == 0) first_token_ = now;
    last_token_ = now;
    auto const at = said_++;
    auto const full =
        said_ >= bounds_.max_output_tokens || bounds_.input_tokens + said_ >= bounds_.context_window;
    if (at < thoughts()) {
        if (full) end(finish_reason::length);
        auto const& thought = told_->reasoning[static_cast<std::size_t>(at)];
        if (thought.empty()) return generation_idle{};
        return generation_reasoning{thought};
    }
    auto const index = (at - thoughts()) % std::ssize(told_->tokens);
    auto text = filter_.feed(told_->tokens[static_cast<std::size_t>(index)]);
    if (filter_.matched()) {
        end(finish_reason::stop);
    } else if (full) {
        end(finish_reason::length);
        text += filter_.finish();
    }
    return shown(std::move(text));
}

void scripted_generation::end_naturally() {
    end(told_->tool_calls.empty() ? told_->finish_reason : finish_reason::tool_calls);
    ending_->tool_calls = told_->tool_calls;
}

void scripted_generation::end_failed() {
    end(finish_reason::stop, failure_of(*told_, fmt::format("The script broke off after {} tokens.", said_)));
    ending_->retry_after = told_->retry_after;
}

void scripted_generation::end(finish_reason reason, std::optional<error> failure) {
    auto const now = steady::now();
    ending_.emplace();
    ending_->finish_reason = reason;
    ending_->usage.input_tokens = bounds_.input_tokens;
    ending_->usage.output_tokens = said_;
    if (bounds_.price) ending_->usage.cost = cost_of(ending_->usage, *bounds_.price);
    ending_->queued = in_ms(begun_.value_or(now) - started_);
    if (said_ > 0) {
        ending_->time_to_first_token = in_ms(first_token_ - started_);
        ending_->decoding = in_ms(last_token_ - first_token_);
    }
    ending_->failure = std::move(failure);
}

generation_event scripted_generation::deliver_end() {
    if (auto rest = filter_.finish(); !rest.empty()) return generation_delta{std::move(rest)};
    pass_.reset();
    return *ending_;
}

}  // namespace parley
