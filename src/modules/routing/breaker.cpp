#include "modules/routing/breaker.hpp"

#include <algorithm>

namespace parley {

std::optional<breaker::permit> breaker::ask(time_point now) {
    if (state_ == breaker_state::closed) return permit{.era = era_};
    if (state_ == breaker_state::half_open || now < until_) return std::nullopt;
    change(breaker_state::half_open);
    return permit{.era = era_, .probe = true};
}

void breaker::succeeded(permit const& of) {
    if (of.era != era_) return;
    failures_ = 0;
    if (of.probe) change(breaker_state::closed);
}

void breaker::failed(permit const& of, time_point now) {
    if (of.era != era_) return;
    ++failures_;
    bool const enough = chosen_.failures > 0 && failures_ >= chosen_.failures;
    if (!of.probe && !enough) return;
    if (chosen_.failures == 0) return change(breaker_state::closed);  // it was a rest, which is over
    until_ = now + chosen_.open_for;
    change(breaker_state::open);
}

void breaker::let_go(permit const& of) {
    // until_ has passed: the next one who asks is the probe.
    if (of.era == era_ && of.probe) change(breaker_state::open);
}

void breaker::rest_until(time_point until) {
    if (state_ == breaker_state::open) {
        until_ = std::max(until_, until);
    } else {
        until_ = until;
        change(breaker_state::open);
    }
}

std::optional<breaker::time_point> breaker::open_until(time_point now) const {
    if (state_ != breaker_state::open || until_ <= now) return std::nullopt;
    return until_;
}

void breaker::change(breaker_state to) {
    state_ = to;
    failures_ = 0;
    ++era_;
}

}  // namespace parley
