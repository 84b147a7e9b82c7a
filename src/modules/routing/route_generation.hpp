// One reply of a route: asks its targets one after another until one gives a token, or two beside each other
// when the first is slow; from the first token on it is that target's reply alone. When all that could be
// asked have as many requests as they take, it waits for a place.
//
// Thread safety: as a generation: one coroutine, stop() from any thread. Ownership: keeps the targets, which
// borrow their models: those must outlive every call of next(), and may go before it is destroyed.
#pragma once

#include "common/wakeup.hpp"
#include "modules/models/stop_relay.hpp"
#include "modules/routing/route_attempt.hpp"
#include "modules/routing/route_target.hpp"
#include "services/clock.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley {

/// What all replies of a route have in common.
struct route_common {
    std::string name;
    std::chrono::milliseconds hedge_after{0};
    std::chrono::milliseconds longest_wait{0};  // for a place at a target
    metrics& seen;
    steady_source now;
    std::atomic<std::size_t> running{0};  // replies
};

class route_generation final : public generation {
public:
    using targets = std::vector<std::shared_ptr<route_target>>;

    /// `order`: who may be asked, in which order. Asks the first of them at once.
    route_generation(std::shared_ptr<route_common> route, targets order, generation_request request,
                     boost::asio::any_io_executor executor);
    ~route_generation() override;

    [[nodiscard]] task<generation_event> next(std::chrono::milliseconds longest) override;
    void stop() noexcept override {
        stopping_.stop();
        news_->notify();
    }

private:
    using time_point = std::chrono::steady_clock::time_point;
    using shared_attempt = std::shared_ptr<route_attempt>;
    struct refused_by {
        std::string target;
        route_target::refusal why;
    };
    using first_event = std::pair<shared_attempt, generation_event>;

    bool begin_next();
    bool begin_waiting();
    [[nodiscard]] bool may_wait() const;
    void go_on();
    [[nodiscard]] task<bool> place_until(time_point deadline);
    [[nodiscard]] bool begin(std::shared_ptr<route_target> target, route_target::place place);
    void tell_failovers();
    void skip(route_target const& target, route_target::refusal why);
    [[nodiscard]] std::optional<time_point> hedge_due() const;
    [[nodiscard]] task<std::optional<first_event>> first_event_until(time_point until);
    [[nodiscard]] std::optional<first_event> take_arrived();
    void handle_first(shared_attempt const& from, generation_event const& event);
    void handle_early_end(shared_attempt const& from, generation_end end);
    void win(shared_attempt const& from);
    void drop(shared_attempt const& which);
    void note(route_attempt const& of, std::string outcome, std::string message = {});
    void failed_before_token(route_target const& target, generation_end end);
    void end_of_reply(generation_end end);
    [[nodiscard]] task<generation_event> last_word();
    void end_with(generation_end end);
    void end_of_all();
    [[nodiscard]] generation_end nobody_asked() const;
    void complete(generation_end& end, route_attempt const& by) const;

    std::shared_ptr<route_common> const route_;
    targets const order_;
    std::optional<generation_request> request_;  // until nobody else can be asked
    boost::asio::any_io_executor const executor_;
    std::shared_ptr<wakeup> const news_ = std::make_shared<wakeup>(executor_);
    time_point const started_ = route_->now();
    std::size_t next_ = 0;                     // in order_
    targets busy_;                             // those before next_ that had no place
    std::optional<time_point> waiting_until_;  // for one of them
    std::shared_ptr<route_usage> const used_in_vain_ = std::make_shared<route_usage>();
    stop_relay stopping_;                // knows the generations of asked_
    std::vector<shared_attempt> asked_;  // now, without a token so far; at most two
    shared_attempt replying_;            // whose first token has come
    time_point first_token_{};           // of replying_
    std::vector<attempt> attempts_;
    std::vector<std::pair<std::string, std::string>> fallen_;  // target and why, until the next one is asked
    std::optional<generation_end> failure_;                    // the one to end with when nobody is left
    bool final_ = false;  // failure_ is none that another target is asked after
    std::vector<refused_by> refusals_;
    std::optional<generation_end> ending_;
};

}  // namespace parley
