#include "modules/routing/route_generation.hpp"

#include "entities/cost.hpp"
#include "modules/routing/target_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

namespace parley {

namespace {

std::chrono::milliseconds whole_ms(std::chrono::steady_clock::duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span);
}

constexpr std::chrono::milliseconds longest_farewell_of_all{3000};  // of all that were slower

generation_end failed_end(error why) {
    generation_end end;
    end.failure = std::move(why);
    return end;
}

}  // namespace

route_generation::route_generation(std::shared_ptr<route_common> route, targets order,
                                   generation_request request, boost::asio::any_io_executor executor)
    : route_(std::move(route)),
      order_(std::move(order)),
      request_(std::move(request)),
      executor_(std::move(executor)) {
    ++route_->running;
    go_on();
}

route_generation::~route_generation() {
    stopping_.stop();
    for (auto const& one : asked_) one->given_up = true;
    --route_->running;
}

task<generation_event> route_generation::next(std::chrono::milliseconds longest) {
    auto const deadline = route_->now() + longest;
    while (!replying_) {
        if (ending_) co_return co_await last_word();
        if (asked_.empty()) {
            auto const changed = co_await place_until(deadline);
            if (!changed) co_return generation_idle{};
            continue;
        }
        auto const due = hedge_due();
        bool const hedges = due && *due <= deadline;
        auto arrived = co_await first_event_until(hedges ? *due : deadline);
        if (arrived && std::holds_alternative<generation_loading>(arrived->second)) {
            co_return std::move(arrived->second);
        } else if (arrived) {
            handle_first(arrived->first, arrived->second);
            if (replying_) co_return std::move(arrived->second);
        } else if (hedges) {
            begin_next();
        } else {
            co_return generation_idle{};
        }
    }
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - route_->now());
    auto event = co_await replying_->running->next(std::max(left, std::chrono::milliseconds{0}));
    if (auto* const end = std::get_if<generation_end>(&event)) {
        end_of_reply(std::move(*end));
        co_return co_await last_word();
    }
    co_return event;
}

void route_generation::end_of_reply(generation_end end) {
    auto& entry = attempts_[replying_->number];  // its duration was until the first token
    if (end.failure) {
        entry.outcome = end.failure->code;
        entry.message = end.failure->message;
    } else if (end.stopped) {
        entry.outcome = "stopped";
    }
    complete(end, *replying_);
    drop(replying_);
    replying_.reset();
    end_with(std::move(end));
}

/// Once those that were slower have told what they used.
task<generation_event> route_generation::last_word() {
    auto const until = steady_now() + longest_farewell_of_all;  // really, whatever the route's clock says
    while (used_in_vain_->expected > 0 && steady_now() < until) co_await news_->wait(longest_farewell_of_all);
    auto end = *ending_;
    used_in_vain_->add_to(end.usage);
    // Nothing was used, and it costs nothing.
    if (!end.usage.cost && end.usage == token_usage{} && !order_.empty() && order_.front()->price())
        end.usage.cost = 0;
    co_return end;
}

/// Asks the next target that can be asked. False when there is none, or none should be asked any more.
bool route_generation::begin_next() {
    while (next_ < order_.size() && !final_ && !stopping_.asked()) {
        auto const& target = order_[next_++];
        auto place = target->enter();
        if (!place) {
            if (place.error().busy) busy_.push_back(target);
            skip(*target, std::move(place.error()));
        } else if (begin(target, std::move(*place))) {
            return true;
        }
    }
    return false;
}

/// One of those that had no place before. False when none has one now.
bool route_generation::begin_waiting() {
    for (auto const& target : targets{busy_}) {
        if (!may_wait()) return false;
        auto place = target->enter(news_);
        if (!place && place.error().busy) continue;
        std::erase(busy_, target);
        std::erase_if(attempts_, [&target](attempt const& one) {
            return one.target == target->name() && one.outcome == "skipped";
        });
        std::erase_if(refusals_, [&target](refused_by const& one) { return one.target == target->name(); });
        if (!place) {
            skip(*target, std::move(place.error()));
        } else if (begin(target, std::move(*place))) {
            return true;
        }
    }
    return false;
}

bool route_generation::may_wait() const { return !busy_.empty() && !final_ && !stopping_.asked(); }

/// When nobody is being asked: asks the next one, or waits for a place, or ends.
void route_generation::go_on() {
    if (!begin_next() && !may_wait()) end_of_all();
}

/// True when there is something new: somebody is asked, or it is over.
task<bool> route_generation::place_until(time_point deadline) {
    if (!waiting_until_) waiting_until_ = route_->now() + route_->longest_wait;
    if (begin_waiting()) co_return true;
    auto const until = std::min(deadline, *waiting_until_);
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(until - route_->now());
    bool const over = !may_wait() || (left.count() <= 0 && until == *waiting_until_);
    if (over) {
        end_of_all();
        co_return true;
    }
    if (left.count() <= 0) co_return false;
    auto const told = co_await news_->wait(left);
    co_return told;
}

bool route_generation::begin(std::shared_ptr<route_target> target, route_target::place place) {
    tell_failovers();
    bool const last = next_ == order_.size() && busy_.empty();
    auto const begun = route_->now();
    auto const number = attempts_.size();
    attempts_.push_back({.target = target->name(), .outcome = {}, .message = {}});
    auto request = last ? std::move(*request_) : *request_;
    if (last) request_.reset();
    if (shows_images(request) && !target->model().info().abilities.images)
        request = without_images(std::move(request));
    auto price = target->price();
    auto running = target->model().start(std::move(request), executor_);
    if (!running) {
        auto const& why = running.error();
        attempts_.back().outcome = why.code;
        attempts_.back().message = why.message;
        attempts_.back().duration_ms = whole_ms(route_->now() - begun).count();
        place.failed(why);
        failed_before_token(*target, failed_end(why));
        return false;
    }
    auto one = std::make_shared<route_attempt>(std::move(target), std::move(place), std::move(*running),
                                               begun, number, used_in_vain_, price);
    stopping_.add(*one->running);
    asked_.push_back(std::move(one));
    return true;
}

void route_generation::tell_failovers() {
    for (auto const& [who, why] : std::exchange(fallen_, {})) route_->seen.failover(route_->name, who, why);
}

void route_generation::skip(route_target const& target, route_target::refusal why) {
    attempts_.push_back({.target = target.name(), .outcome = "skipped", .message = why.message});
    refusals_.push_back({target.name(), std::move(why)});
}

/// When to ask another one beside the one that has said nothing so far.
std::optional<route_generation::time_point> route_generation::hedge_due() const {
    if (route_->hedge_after.count() == 0 || asked_.size() != 1 || next_ == order_.size() || final_ ||
        stopping_.asked()) {
        return std::nullopt;
    }
    return asked_.front()->begun + route_->hedge_after;
}

task<std::optional<route_generation::first_event>> route_generation::first_event_until(time_point until) {
    using std::chrono::milliseconds;
    auto const left = [&] {
        return std::max(std::chrono::ceil<milliseconds>(until - route_->now()), milliseconds{0});
    };
    if (asked_.size() == 1 && !asked_.front()->has_reader && !asked_.front()->arrived) {
        auto const only = asked_.front();
        auto event = co_await only->running->next(left());
        if (std::holds_alternative<generation_idle>(event)) co_return std::nullopt;
        co_return first_event{only, std::move(event)};
    }
    for (auto const& one : asked_) {
        if (!one->has_reader && !one->arrived) read_first(one, news_, executor_);
    }
    // A wait may end before its time, and a clock that stands still must not make it endless.
    auto const really_until = steady_now() + left();
    for (;;) {
        if (auto found = take_arrived()) co_return found;
        auto const wait = left();
        if (wait == milliseconds{0} || steady_now() >= really_until) co_return std::nullopt;
        co_await news_->wait(wait);
    }
}

std::optional<route_generation::first_event> route_generation::take_arrived() {
    for (auto const& one : asked_) {
        if (one->loading) return first_event{one, *std::exchange(one->loading, std::nullopt)};
    }
    auto const found = std::ranges::find_if(asked_, [](auto const& one) { return one->arrived.has_value(); });
    if (found == asked_.end()) return std::nullopt;
    auto event = std::move(*(*found)->arrived);
    (*found)->arrived.reset();
    return first_event{*found, std::move(event)};
}

void route_generation::handle_first(shared_attempt const& from, generation_event const& event) {
    if (auto const* const end = std::get_if<generation_end>(&event)) {
        handle_early_end(from, *end);
    } else {
        win(from);
        first_token_ = route_->now();
        request_.reset();
        replying_ = from;
    }
}

/// The end came before any token.
void route_generation::handle_early_end(shared_attempt const& from, generation_end end) {
    if (end.failure) {
        note(*from, end.failure->code, end.failure->message);
        from->place.failed(*end.failure, end.retry_after);
    } else if (end.stopped) {
        note(*from, "stopped");
    } else {
        win(from);
        complete(end, *from);
        drop(from);
        return end_with(std::move(end));
    }
    complete(end, *from);
    drop(from);
    used_in_vain_->add(std::exchange(end.usage, {}), std::nullopt);
    if (end.failure) {
        failed_before_token(*from->target, std::move(end));
    } else {
        failure_ = std::move(end);
    }
    if (asked_.empty()) go_on();
}

/// Its reply is the one; the others are stopped.
void route_generation::win(shared_attempt const& from) {
    from->place.succeeded();
    note(*from, "ok");
    tell_failovers();
    auto const all = asked_;
    for (auto const& other : all) {
        if (other == from) continue;
        note(*other, "cancelled");
        other->given_up = true;
        other->running->stop();
        other->is_counted = true;
        ++used_in_vain_->expected;
        if (!other->has_reader) count_lost(other, news_, executor_);
        drop(other);
    }
    std::erase(asked_, from);
}

void route_generation::drop(shared_attempt const& which) {
    stopping_.remove(*which->running);
    std::erase(asked_, which);
}

void route_generation::note(route_attempt const& of, std::string outcome, std::string message) {
    auto& entry = attempts_[of.number];
    entry.outcome = std::move(outcome);
    entry.message = std::move(message);
    entry.duration_ms = whole_ms(route_->now() - of.begun).count();
}

void route_generation::failed_before_token(route_target const& target, generation_end end) {
    fallen_.emplace_back(target.name(), end.failure->code);
    // A failure that no other target is asked after stands, whatever comes of the one beside it.
    if (final_) return;
    final_ = !may_fail_over(end.failure->kind);
    failure_ = std::move(end);
}

void route_generation::end_with(generation_end end) {
    ending_ = std::move(end);
    ending_->attempts = attempts_;
    request_.reset();
}

/// Nobody is being asked, and nobody will be. Whoever asked for a stop is told of that one alone.
void route_generation::end_of_all() {
    bool const stopped = stopping_.asked();
    generation_end end;
    if (failure_) {
        end = std::move(*failure_);
    } else if (!stopped) {
        end = nobody_asked();
    }
    if (stopped) {
        end.failure.reset();
        end.stopped = true;
    }
    end_with(std::move(end));
}

generation_end route_generation::nobody_asked() const {
    if (refusals_.empty()) {
        return failed_end({error_kind::unavailable, "targets_unavailable",
                           fmt::format("The model \"{}\" has no target that could be asked.", route_->name)});
    }
    bool const busy = std::ranges::any_of(refusals_, [](refused_by const& one) { return one.why.busy; });
    auto end = failed_end(
        {busy ? error_kind::overloaded : error_kind::unavailable,
         busy ? "targets_busy" : "targets_unavailable",
         fmt::format("None of the targets of the model \"{}\" can be asked now. {} Try again in a moment.",
                     route_->name, refusals_.back().why.message)});
    if (busy) return end;
    // The message says until when, too: of the one that can be asked first.
    for (auto const& [who, one] : refusals_) {
        if (!one.again_in || (end.retry_after && *end.retry_after <= *one.again_in)) continue;
        end.retry_after = one.again_in;
        end.failure->message = fmt::format("None of the targets of the model \"{}\" can be asked now. {}",
                                           route_->name, one.message);
    }
    return end;
}

/// Counts its times from the route's start, and adds what only the route knows.
void route_generation::complete(generation_end& end, route_attempt const& by) const {
    auto const before = whole_ms(by.begun - started_);
    end.queued += before;
    if (end.time_to_first_token) {
        *end.time_to_first_token += before;
    } else if (replying_) {
        end.time_to_first_token = whole_ms(first_token_ - started_);
    }
    if (!end.usage.cost) {
        if (by.price) end.usage.cost = cost_of(end.usage, *by.price);
    }
}

}  // namespace parley
