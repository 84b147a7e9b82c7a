#include "modules/routing/route_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

namespace parley {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds longest_rest = 10min;  // that a target may ask for

std::int64_t whole_seconds(std::chrono::milliseconds time) {
    return std::chrono::ceil<std::chrono::seconds>(time).count();
}

double openness(breaker_state state) {
    switch (state) {
        case breaker_state::closed:
            return 0;
        case breaker_state::half_open:
            return 0.5;
        case breaker_state::open:
            break;
    }
    return 1;
}

/// An internal error is the target's; the rest that is not failed over for is the request's. That all our own
/// connections are in use says nothing of the server behind them.
bool counts_against_target(error const& why) {
    if (why.code == "upstream_busy") return false;
    return may_fail_over(why.kind) || why.kind == error_kind::internal;
}

}  // namespace

bool may_fail_over(error_kind kind) {
    return kind == error_kind::unavailable || kind == error_kind::overloaded ||
           kind == error_kind::rate_limited || kind == error_kind::timed_out;
}

struct route_target::state {
    state(target_options options, metrics& statistics, steady_source time)
        : chosen(std::move(options)),
          seen(statistics),
          now(std::move(time)),
          fuse(chosen.breaker) {}

    target_options const chosen;
    metrics& seen;
    steady_source const now;
    mutable std::mutex guard;
    breaker fuse;  // guarded, as below
    std::size_t running = 0;
    std::vector<std::weak_ptr<wakeup>> waiting;  // for a place

    /// With guard held.
    void add_waiting(std::shared_ptr<wakeup> const& sleeper) {
        std::erase_if(waiting, [](auto const& one) { return one.expired(); });
        bool const known =
            std::ranges::any_of(waiting, [&](auto const& one) { return one.lock() == sleeper; });
        if (!known) waiting.push_back(sleeper);
    }

    /// With guard held, so that the gauge ends as the breaker does.
    void tell_since(breaker_state before) const {
        if (fuse.state() != before) seen.breaker(chosen.name, openness(fuse.state()));
    }

    [[nodiscard]] refusal left_alone(std::chrono::steady_clock::time_point time) const {
        auto const until = fuse.open_until(time);
        if (!until)
            return {.message =
                        fmt::format("\"{}\" has failed and is being tried by another request.", chosen.name)};
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(*until - time);
        return {.message = fmt::format("\"{}\" has failed and is left alone for another {} s.", chosen.name,
                                       whole_seconds(left)),
                .again_in = left};
    }
};

route_target::route_target(language_model& model, target_options chosen, metrics& seen, steady_source now)
    : model_(model),
      state_(std::make_shared<state>(std::move(chosen), seen, std::move(now))) {
    seen.breaker(state_->chosen.name, openness(breaker_state::closed));
}

std::expected<route_target::place, route_target::refusal> route_target::enter(
    std::shared_ptr<wakeup> const& sleeper) {
    auto& in = *state_;
    std::scoped_lock const lock{in.guard};
    // The limit first: a breaker's probe is for a request that will be sent.
    if (in.chosen.limit > 0 && in.running >= in.chosen.limit) {
        if (sleeper) in.add_waiting(sleeper);
        return std::unexpected(
            refusal{.busy = true,
                    .message = fmt::format("\"{}\" has {} requests already, as many as it takes at once.",
                                           in.chosen.name, in.running)});
    }
    auto const before = in.fuse.state();
    auto const time = in.now();
    auto const permit = in.fuse.ask(time);
    if (!permit) return std::unexpected(in.left_alone(time));
    in.tell_since(before);
    ++in.running;
    return place{state_, *permit};
}

route_target::place::~place() {
    if (!in_) return;
    std::vector<std::weak_ptr<wakeup>> waiting;
    {
        std::scoped_lock const lock{in_->guard};
        --in_->running;
        waiting.swap(in_->waiting);
        if (!reported_) {
            auto const before = in_->fuse.state();
            in_->fuse.let_go(permit_);
            in_->tell_since(before);
        }
    }
    for (auto const& one : waiting) {
        if (auto const asleep = one.lock()) asleep->notify();
    }
}

void route_target::place::succeeded() {
    if (std::exchange(reported_, true)) return;
    std::scoped_lock const lock{in_->guard};
    auto const before = in_->fuse.state();
    in_->fuse.succeeded(permit_);
    in_->tell_since(before);
}

void route_target::place::failed(error const& why, std::optional<std::chrono::milliseconds> retry_after) {
    // What the request did wrong tells nothing about the target: a probe's place becomes free with this one.
    if (reported_ || !counts_against_target(why)) return;
    reported_ = true;
    std::scoped_lock const lock{in_->guard};
    auto const before = in_->fuse.state();
    if (why.kind == error_kind::rate_limited && retry_after && *retry_after > 0ms) {
        in_->fuse.rest_until(in_->now() + std::min(*retry_after, longest_rest));
    } else {
        in_->fuse.failed(permit_, in_->now());
    }
    in_->tell_since(before);
}

std::string const& route_target::name() const { return state_->chosen.name; }
std::size_t route_target::limit() const { return state_->chosen.limit; }

std::optional<token_price> route_target::price() const {
    return state_->chosen.price ? state_->chosen.price : model_.info().price;
}

target_info route_target::info() const {
    auto const model_state = model_.info().state;
    std::scoped_lock const lock{state_->guard};
    return {.name = state_->chosen.name,
            .state = model_state,
            .breaker = state_->fuse.state(),
            .running = state_->running};
}

}  // namespace parley
