#include "modules/models/on_demand_generation.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace parley {

on_demand_generation::on_demand_generation(std::shared_ptr<memory_core> core, shared_slot slot,
                                           generation_request request, boost::asio::any_io_executor executor)
    : core_(std::move(core)),
      name_(slot->name),
      executor_(std::move(executor)),
      request_(std::move(request)) {
    waiting_.emplace(core_, std::move(slot), awoken_);
    static_cast<void>(look());
}

on_demand_generation::on_demand_generation(std::shared_ptr<memory_core> core, model_pin pin,
                                           std::unique_ptr<generation> running,
                                           boost::asio::any_io_executor executor)
    : core_(std::move(core)),
      executor_(std::move(executor)),
      pin_(std::move(pin)),
      running_(std::move(running)) {
    stopping_.add(*running_);
}

on_demand_generation::~on_demand_generation() { leave(); }

void on_demand_generation::stop() noexcept {
    stopping_.stop();
    awoken_.notify();
}

task<generation_event> on_demand_generation::next(std::chrono::milliseconds longest) {
    auto const deadline = core_->options().now() + longest;
    auto const left = [&] {
        auto const rest = std::chrono::ceil<std::chrono::milliseconds>(deadline - core_->options().now());
        return std::max(rest, std::chrono::milliseconds{0});
    };
    while (!running_) {
        if (ending_) co_return *ending_;
        if (look()) continue;
        if (auto const share = waiting_->share(); share > told_) {
            told_ = share;
            co_return generation_loading{name_, share};
        }
        auto const wait = std::min(left(), waiting_->patience());
        if (wait.count() == 0) co_return generation_idle{};
        co_await awoken_.wait(wait);
    }
    auto event = co_await running_->next(left());
    if (auto* const end = std::get_if<generation_end>(&event)) {
        end->queued += loading_;
        if (end->time_to_first_token) *end->time_to_first_token += loading_;
        ending_ = *end;
        leave();
    }
    co_return event;
}

/// False while there is nothing to do but to wait.
bool on_demand_generation::look() {
    if (stopping_.asked()) {
        waiting_.reset();
        ending_.emplace().stopped = true;
        return true;
    }
    auto seen = waiting_->look();
    if (!seen) {
        end_with(std::move(seen.error()));
    } else if (*seen) {
        begin(std::move(**seen));
    } else {
        return false;
    }
    waiting_.reset();
    return true;
}

void on_demand_generation::begin(model_pin pin) {
    loading_ = std::chrono::duration_cast<std::chrono::milliseconds>(core_->options().now() - started_);
    auto begun = pin.model().start(std::move(*request_), executor_);
    request_.reset();
    if (!begun) return end_with(std::move(begun.error()));
    pin_ = std::move(pin);
    running_ = std::move(*begun);
    stopping_.add(*running_);
}

void on_demand_generation::end_with(error why) {
    ending_.emplace().failure = std::move(why);
    ending_->queued =
        std::chrono::duration_cast<std::chrono::milliseconds>(core_->options().now() - started_);
}

/// Gives the model back.
void on_demand_generation::leave() {
    if (running_) stopping_.remove(*running_);
    running_.reset();
    pin_.release();
}

}  // namespace parley
