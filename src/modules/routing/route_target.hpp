// A model as routes ask it: how many of their requests it has at once, and whether it is left alone because
// it keeps failing. One target may stand in several routes, which then share its limit and its breaker.
//
// Thread safety: every function from any thread. Ownership: borrows the model and the metrics, which outlive
// every route that asks; a place may outlive the target.
#pragma once

#include "common/error.hpp"
#include "common/wakeup.hpp"
#include "modules/routing/breaker.hpp"
#include "services/clock.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace parley {

struct target_options {
    std::string name;           // in attempts, in a route's info and as a label of metrics
    std::size_t limit = 0;      // requests at once, of all routes together; 0: any number
    breaker_options breaker{};  // failures = 0 where being refused costs nothing, as by an embedded model
    std::optional<token_price> price{};  // instead of the model's own
};

class route_target {
    struct state;

public:
    /// Why it is not asked now.
    struct refusal {
        bool busy = false;                                    // its limit; otherwise its breaker
        std::string message;                                  // for people
        std::optional<std::chrono::milliseconds> again_in{};  // where it is known
    };

    /// One request to the target, from its start to the end of its generation. The first report counts; a
    /// place that reports nothing tells the breaker nothing.
    class place {
    public:
        place(std::shared_ptr<state> in, breaker::permit permit) : in_(std::move(in)), permit_(permit) {}
        place(place&& other) noexcept = default;
        place& operator=(place&&) = delete;
        ~place();

        /// Its first token has come, or a natural end without one.
        void succeeded();
        /// `retry_after` of a rate limit is kept to, up to ten minutes. What is the request's own fault does
        /// not count against the target.
        void failed(error const& why, std::optional<std::chrono::milliseconds> retry_after = {});

    private:
        std::shared_ptr<state> in_;
        breaker::permit permit_;
        bool reported_ = false;
    };

    route_target(language_model& model, target_options chosen, metrics& seen, steady_source now = steady_now);

    /// A place among those who ask it now, or why there is none. When it is busy, `waiting` is notified once
    /// a place is free; so are all others who wait for one, and who comes first has it.
    [[nodiscard]] std::expected<place, refusal> enter(std::shared_ptr<wakeup> const& waiting = nullptr);

    [[nodiscard]] language_model& model() const { return model_; }
    [[nodiscard]] std::string const& name() const;
    [[nodiscard]] std::size_t limit() const;
    [[nodiscard]] std::optional<token_price> price() const;
    [[nodiscard]] target_info info() const;

private:
    language_model& model_;
    std::shared_ptr<state> const state_;
};

/// Whether another target may do better: unavailable, overloaded, rate_limited, timed_out.
[[nodiscard]] bool may_fail_over(error_kind kind);

}  // namespace parley
