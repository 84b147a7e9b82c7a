#include "adapters/scripted/scripted_generation.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

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
            auto text = say_token(now);
            if (!text.empty()) co_return generation_delta{std::move(text)};
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

/// When the next token is to be said; nothing while it waits in line or for stop().
std::optional<scripted_generation::steady::time_point> scripted_generation::next_due() const {
    if (!begun_ || ending_) return std::nullopt;
    auto const total = told_->repeat * static_cast<std::int64_t>(told_->tokens.size());
    auto const fails = told_->fail_after && *told_->fail_after <= said_;
    if (said_ >= total && told_->wait_for_stop && !fails) return std::nullopt;
    auto const over = said_ >= total || fails;
    if (said_ == 0) return *begun_ + told_->first_delay;
    return over ? last_token_ : last_token_ + told_->delay;
}

/// Says one token, or finds that it is the end. May have nothing to show.
std::string scripted_generation::say_token(steady::time_point now) {
    auto const count = static_cast<std::int64_t>(told_->tokens.size());
    if (told_->fail_after && *told_->fail_after <= said_) {
        end(finish_reason::stop, error{error_kind::unavailable, "script_failure",
                                       fmt::format("The script broke off after {} tokens.", said_)});
        return filter_.finish();
    }
    if (said_ >= told_->repeat * count) {
        end(told_->finish_reason);
        return filter_.finish();
    }
    if (said_ == 0) first_token_ = now;
    last_token_ = now;
    auto text = filter_.feed(told_->tokens[static_cast<std::size_t>(said_ % count)]);
    ++said_;
    if (filter_.matched()) {
        end(finish_reason::stop);
    } else if (said_ >= bounds_.max_output_tokens || bounds_.input_tokens + said_ >= bounds_.context_window) {
        end(finish_reason::length);
        text += filter_.finish();
    }
    return text;
}

void scripted_generation::end(finish_reason reason, std::optional<error> failure) {
    auto const now = steady::now();
    ending_.emplace();
    ending_->finish_reason = reason;
    ending_->usage.input_tokens = bounds_.input_tokens;
    ending_->usage.output_tokens = said_;
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
