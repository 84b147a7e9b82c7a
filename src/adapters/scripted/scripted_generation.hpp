// One reply of the scripted model: played on the event loop of whoever awaits it.
#pragma once

#include "adapters/scripted/script.hpp"
#include "adapters/scripted/turnstile.hpp"
#include "common/stop_filter.hpp"
#include "common/wakeup.hpp"
#include "services/language_model.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>

namespace parley {

class scripted_generation final : public generation {
public:
    struct limits {
        std::int64_t input_tokens = 0;
        std::int64_t context_window = 0;
        std::int64_t max_output_tokens = 0;
        std::optional<token_price> price{};
    };

    scripted_generation(result<script> told, limits bounds, std::vector<std::string> stop,
                        boost::asio::any_io_executor const& executor);

    /// False when the line is full.
    [[nodiscard]] bool enter(turnstile& gate);

    [[nodiscard]] task<generation_event> next(std::chrono::milliseconds longest) override;
    void stop() noexcept override;

private:
    using steady = std::chrono::steady_clock;

    [[nodiscard]] std::optional<steady::time_point> next_due() const;
    void begin(steady::time_point now);
    [[nodiscard]] std::int64_t thoughts() const;
    [[nodiscard]] std::int64_t total() const;
    [[nodiscard]] bool fails_now() const;
    [[nodiscard]] generation_event say_token(steady::time_point now);
    void end_naturally();
    void end_failed();
    void end(finish_reason reason, std::optional<error> failure = {});
    [[nodiscard]] generation_event deliver_end();

    result<script> const told_;
    limits const bounds_;
    stop_filter filter_;
    wakeup wakeup_;
    std::atomic<bool> stop_asked_ = false;
    steady::time_point const started_ = steady::now();
    std::optional<steady::time_point> begun_;
    std::int64_t said_ = 0;
    steady::time_point first_token_;
    steady::time_point last_token_;
    std::optional<generation_end> ending_;
    std::unique_ptr<turnstile::pass> pass_;  // last: left before the rest goes
};

}  // namespace parley
