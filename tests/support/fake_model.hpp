// A language model whose replies a test writes step by step, with a clock that only the steps move. Unlike
// the scripted model it fails in every way that there is, and it waits for no time.
//
// Thread safety: fake_model's functions from any thread; a generation as the port says. Ownership: a
// generation may outlive its model.
#pragma once

#include "common/wakeup.hpp"
#include "services/clock.hpp"
#include "services/language_model.hpp"
#include "services/metrics.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace parley::test {

/// Stands still until somebody moves it.
class manual_time {
public:
    void advance(std::chrono::milliseconds by) { *now_ += by.count(); }
    [[nodiscard]] steady_source source() const {
        return [now = now_] {
            return std::chrono::steady_clock::time_point{} + std::chrono::milliseconds{now->load()};
        };
    }

private:
    std::shared_ptr<std::atomic<std::int64_t>> now_ = std::make_shared<std::atomic<std::int64_t>>(1'000'000);
};

/// Says nothing for so long.
struct takes {
    std::chrono::milliseconds time;
};
/// Says nothing until it is stopped: the first wait for it moves the clock to its end, others really wait.
struct hangs {};

using fake_step =
    std::variant<generation_delta, generation_reasoning, generation_loading, generation_end, takes, hangs>;

struct fake_reply {
    std::optional<error> refused{};  // by start()
    std::vector<fake_step> steps{};  // without an end at its end, a natural one
    std::optional<generation_end> when_stopped{};
    int idle_before_stop = 0;  // how often it says nothing before it notices that it was stopped
};

inline generation_end failed_end(error why) {
    generation_end end;
    end.failure = std::move(why);
    return end;
}

class fake_generation final : public generation {
public:
    fake_generation(fake_reply reply, manual_time time, boost::asio::any_io_executor const& executor,
                    std::shared_ptr<std::atomic<int>> alive)
        : steps_(reply.steps.begin(), reply.steps.end()),
          when_stopped_(std::move(reply.when_stopped)),
          idle_before_stop_(reply.idle_before_stop),
          time_(std::move(time)),
          wakeup_(executor),
          alive_(std::move(alive)) {
        ++*alive_;
    }
    ~fake_generation() override { --*alive_; }

    [[nodiscard]] task<generation_event> next(std::chrono::milliseconds longest) override {
        for (;;) {
            if (stop_asked_ && idle_before_stop_ > 0) {
                --idle_before_stop_;
                co_return generation_idle{};
            }
            if (stop_asked_) {
                auto end = when_stopped_.value_or(generation_end{});
                end.stopped = true;
                if (!when_stopped_) end.usage.output_tokens = said_;
                co_return end;
            }
            if (steps_.empty()) co_return natural_end();
            if (std::holds_alternative<hangs>(steps_.front())) {
                if (!std::exchange(waited_, true)) {
                    time_.advance(longest);
                    co_return generation_idle{};
                }
                auto const woken = co_await wakeup_.wait(longest);
                if (!woken) co_return generation_idle{};
                continue;
            }
            if (auto* const pause = std::get_if<takes>(&steps_.front())) {
                auto const passes = std::min(pause->time, longest);
                time_.advance(passes);
                pause->time -= passes;
                longest -= passes;
                if (pause->time.count() > 0) co_return generation_idle{};
                steps_.pop_front();
                continue;
            }
            auto const step = std::move(steps_.front());
            steps_.pop_front();
            if (auto const* end = std::get_if<generation_end>(&step)) co_return *end;
            if (auto const* loading = std::get_if<generation_loading>(&step)) co_return *loading;
            ++said_;
            if (auto const* thought = std::get_if<generation_reasoning>(&step)) co_return *thought;
            co_return std::get<generation_delta>(step);
        }
    }

    void stop() noexcept override {
        stop_asked_ = true;
        wakeup_.notify();
    }

private:
    [[nodiscard]] generation_event natural_end() const {
        generation_end end;
        end.usage.input_tokens = 10;
        end.usage.output_tokens = said_;
        return end;
    }

    std::deque<fake_step> steps_;
    std::optional<generation_end> const when_stopped_;
    int idle_before_stop_;
    manual_time time_;
    wakeup wakeup_;
    std::shared_ptr<std::atomic<int>> alive_;
    std::atomic<bool> stop_asked_ = false;
    bool waited_ = false;
    std::int64_t said_ = 0;
};

class fake_model final : public language_model {
public:
    explicit fake_model(std::string name, manual_time time = {}) : time_(std::move(time)) {
        told_.name = std::move(name);
        told_.kind = "fake";
    }

    /// What it says to one request after another; the last for all further ones, too.
    void replies(std::vector<fake_reply> with) {
        std::scoped_lock const lock{guard_};
        replies_.assign(with.begin(), with.end());
    }
    void tell(model_info info) {
        std::scoped_lock const lock{guard_};
        told_ = std::move(info);
    }
    void count(result<std::int64_t> tokens) {
        std::scoped_lock const lock{guard_};
        tokens_ = std::move(tokens);
    }

    [[nodiscard]] int asked() const { return asked_; }
    /// Generations that are not destroyed; may be asked for when the model is gone.
    [[nodiscard]] std::shared_ptr<std::atomic<int>> alive() const { return alive_; }
    [[nodiscard]] std::string last_prompt() const {
        std::scoped_lock const lock{guard_};
        return last_prompt_;
    }

    [[nodiscard]] generation_request last_request() const {
        std::scoped_lock const lock{guard_};
        return last_request_;
    }

    [[nodiscard]] model_info info() const override {
        std::scoped_lock const lock{guard_};
        return told_;
    }
    [[nodiscard]] task<result<std::int64_t>> count_tokens(generation_request) override { co_return tokens(); }
    [[nodiscard]] result<std::unique_ptr<generation>> start(generation_request request,
                                                            boost::asio::any_io_executor executor) override {
        ++asked_;
        std::scoped_lock const lock{guard_};
        last_prompt_ = request.prompt.empty() ? "" : request.prompt.back().content;
        last_request_ = request;
        auto reply =
            replies_.empty() ? fake_reply{.steps = {generation_delta{told_.name}}} : replies_.front();
        if (replies_.size() > 1) replies_.pop_front();
        if (reply.refused) return std::unexpected(*reply.refused);
        return std::make_unique<fake_generation>(std::move(reply), time_, executor, alive_);
    }

private:
    [[nodiscard]] result<std::int64_t> tokens() const {
        std::scoped_lock const lock{guard_};
        return tokens_;
    }

    manual_time const time_;
    std::atomic<int> asked_ = 0;
    std::shared_ptr<std::atomic<int>> const alive_ = std::make_shared<std::atomic<int>>(0);
    mutable std::mutex guard_;
    model_info told_;  // guarded, as below
    std::deque<fake_reply> replies_;
    result<std::int64_t> tokens_ = 7;
    std::string last_prompt_;
    generation_request last_request_;
};

/// Keeps what routes and on-demand models have told.
class seen_metrics final : public no_metrics {
public:
    void failover(std::string_view route, std::string_view target, std::string_view why) override {
        std::scoped_lock const lock{guard_};
        failovers_.push_back(std::string{route} + " " + std::string{target} + " " + std::string{why});
    }
    void breaker(std::string_view target, double openness) override {
        std::scoped_lock const lock{guard_};
        breakers_.emplace_back(std::string{target}, openness);
    }
    void loaded_models(std::size_t count, std::size_t bytes) override {
        std::scoped_lock const lock{guard_};
        loaded_.emplace_back(count, bytes);
    }

    [[nodiscard]] std::vector<std::string> failovers() const {
        std::scoped_lock const lock{guard_};
        return failovers_;
    }
    [[nodiscard]] std::vector<std::pair<std::string, double>> breakers() const {
        std::scoped_lock const lock{guard_};
        return breakers_;
    }
    [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> loaded() const {
        std::scoped_lock const lock{guard_};
        return loaded_;
    }

private:
    mutable std::mutex guard_;
    std::vector<std::string> failovers_;  // guarded, as below
    std::vector<std::pair<std::string, double>> breakers_;
    std::vector<std::pair<std::size_t, std::size_t>> loaded_;
};

}  // namespace parley::test
