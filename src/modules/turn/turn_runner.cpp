#include "modules/turn/turn_runner.hpp"

#include "common/log.hpp"
#include "common/pause.hpp"
#include "common/wakeup.hpp"
#include "entities/limits.hpp"
#include "modules/prompt/prompt_builder.hpp"
#include "modules/turn/checkpoints.hpp"
#include "modules/turn/model_preparation.hpp"
#include "modules/turn/seat_watch.hpp"
#include "services/store_errors.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <string>
#include <utility>

namespace parley {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr auto look_again = 1000ms;  // at least so often at whether the work should go on
constexpr auto first_retry = 100ms;
constexpr auto longest_retry = 2000ms;  // less than what a shutdown waits for
constexpr auto longest_farewell = 5000ms;
constexpr int counting_tries = 3;

std::chrono::milliseconds since(steady::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - start);
}

generation_end broken_off(error failure) {
    generation_end end;
    end.failure = std::move(failure);
    return end;
}

generation_end stopped_before_start() {
    generation_end end;
    end.stopped = true;
    return end;
}

class lent_generation {
public:
    lent_generation(turn_control& control, generation& running) : control_(control) {
        control_.attach(&running);
    }
    ~lent_generation() { control_.detach(); }
    lent_generation(lent_generation const&) = delete;
    lent_generation& operator=(lent_generation const&) = delete;

private:
    turn_control& control_;
};

class turn_run {
public:
    turn_run(turn_tools& tools, turn_work& work, boost::asio::any_io_executor executor)
        : tools_(tools),
          work_(work),
          executor_(std::move(executor)) {}

    task<std::optional<turn_end>> run() {
        auto end = co_await generate_or_fail();
        work_.seat.leave();
        co_await kept_.settle();
        auto const outcome = outcome_of(std::move(end));
        auto ended = co_await finish(outcome);
        if (!ended) ended = co_await end_of_a_deleted_one(outcome);
        if (ended) {
            observe(ended->reply);
            tools_.news.publish(work_.start.lease.user_id, reply_ended{ended->reply});
            work_.feed->finish(ended->reply);
        }
        co_return ended;
    }

private:
    /// An exception is a bug, often a library's; the interaction must not stay claimed for it.
    task<generation_end> generate_or_fail() {
        std::string what;
        try {
            co_return co_await generate();
        } catch (std::exception const& bug) {
            what = bug.what();
        }
        log::error("writing a reply threw", {{"reply_id", reply_id_}, {"what", std::string_view{what}}});
        co_return broken_off(internal_error(std::move(what)).error());
    }

    task<generation_end> generate() {
        auto const& start = work_.start;
        co_await wait_for_model();
        if (work_.control->cause() != stop_cause::none) co_return stopped_before_start();
        tools_.news.publish(start.lease.user_id, reply_begun{start.reply});
        auto const ready = co_await load_model();
        if (!ready) co_return broken_off(ready.error());
        if (work_.control->cause() != stop_cause::none) co_return stopped_before_start();
        auto prompt = co_await build_prompt(tools_.store, work_.model, work_.settings, start.lease.user_id,
                                            start.user_message);
        if (!prompt) co_return broken_off(prompt.error());
        if (work_.control->cause() != stop_cause::none) co_return stopped_before_start();
        auto running = work_.model.start(request_for(std::move(*prompt)), executor_);
        if (!running) co_return broken_off(running.error());
        lent_generation const lent{*work_.control, **running};
        co_return co_await follow(**running);
    }

    /// Until the model has a place for this reply, or the reply should end.
    task<void> wait_for_model() {
        wakeup moved{executor_};
        seat_watch const watching{*work_.control, work_.seat, moved};
        std::optional<std::size_t> told;
        while (!work_.seat.granted() && work_.control->cause() == stop_cause::none) {
            if (auto const ahead = work_.seat.ahead(); told != ahead) {
                told = ahead;
                tools_.news.publish(work_.start.lease.user_id, reply_waiting{work_.start.reply, ahead});
            }
            co_await moved.wait(look_again);
            kept_.offer(text_);
        }
        queued_ = since(begun_);
    }

    /// At once unless the model is loaded on demand.
    task<result<void>> load_model() {
        auto const begun = steady::now();
        std::function<void(double)> told = [this, model = work_.model.info().name](double share) {
            tell_loading(model, share);
        };
        auto ready = co_await prepare_model(work_.model, *work_.control, std::move(told), executor_);
        queued_ += since(begun);
        co_return ready;
    }

    void tell_loading(std::string const& model, double share) {
        tools_.news.publish(work_.start.lease.user_id, model_loading{work_.start.reply, model, share});
    }

    [[nodiscard]] generation_request request_for(std::vector<prompt_message> prompt) const {
        auto const& settings = work_.settings;
        return {.user_id = work_.start.lease.user_id,
                .interaction_id = work_.start.lease.interaction_id,
                .prompt = std::move(prompt),
                .temperature = settings.temperature,
                .top_p = settings.top_p,
                .max_output_tokens = settings.max_output_tokens,
                .stop = settings.stop,
                .seed = settings.seed,
                .tools = settings.tools,
                .tool_choice = settings.tool_choice,
                .response_format = settings.response_format,
                .trace = work_.trace};
    }

    task<generation_end> follow(generation& running) {
        bool full = false;
        while (!kept_.turn_lost()) {
            auto event = co_await running.next(kept_.until_due());
            if (auto* end = std::get_if<generation_end>(&event)) {
                if (full && end->stopped) {
                    end->stopped = false;
                    end->finish_reason = finish_reason::length;
                }
                co_return std::move(*end);
            }
            take(event);
            // A model that never ends must not fill the memory.
            if (!full && text_.size() + reasoning_.size() > limits::reply_bytes) {
                full = true;
                running.stop();
            }
            kept_.offer(text_);
        }
        auto lost = co_await end_of_a_lost_one(running);
        co_return lost;
    }

    /// Nobody reads it any more; what it used is still counted.
    task<generation_end> end_of_a_lost_one(generation& running) {
        running.stop();
        auto const deadline = steady::now() + longest_farewell;
        while (steady::now() < deadline) {
            auto event = co_await running.next(look_again);
            auto* const end = std::get_if<generation_end>(&event);
            if (end == nullptr) continue;
            end->failure = turn_lost().error();
            co_return std::move(*end);
        }
        co_return broken_off(turn_lost().error());
    }

    void take(generation_event const& event) {
        if (auto const* delta = std::get_if<generation_delta>(&event)) {
            text_ += delta->text;
            work_.feed->append(delta->text);
        } else if (auto const* thought = std::get_if<generation_reasoning>(&event)) {
            reasoning_ += thought->text;
            work_.feed->append_reasoning(thought->text);
        } else if (auto const* loading = std::get_if<generation_loading>(&event)) {
            tell_loading(loading->model, loading->share);
        }
    }

    turn_outcome outcome_of(generation_end end) {
        turn_outcome outcome;
        outcome.content = std::move(text_);
        outcome.now = tools_.time.now();
        outcome.usage = end.usage;
        outcome.timings = turn_timings{.queued_ms = (queued_ + end.queued).count(),
                                       .time_to_first_token_ms = std::nullopt,
                                       .duration_ms = since(begun_).count()};
        if (end.time_to_first_token)
            outcome.timings->time_to_first_token_ms = (queued_ + *end.time_to_first_token).count();
        decoding_ = end.decoding;
        outcome.tool_calls = std::move(end.tool_calls);
        if (!reasoning_.empty()) outcome.reasoning = std::move(reasoning_);
        outcome.attempts = std::move(end.attempts);
        if (end.failure) {
            outcome.status = message_status::failed;
            outcome.error = message_error{end.failure->code, end.failure->message};
        } else if (end.stopped) {
            outcome.status = work_.control->cause() == stop_cause::shutdown ? message_status::interrupted
                                                                            : message_status::stopped;
        } else {
            outcome.status = message_status::complete;
            outcome.finish_reason = end.finish_reason;
        }
        return outcome;
    }

    /// Tries until the store takes it: the text exists nowhere else. Gives up when the turn is no longer
    /// ours, or when the server shuts down; the last checkpoint is what is left then.
    task<std::optional<turn_end>> finish(turn_outcome const& outcome) {
        for (auto wait = first_retry;; wait = std::min(wait * 2, longest_retry)) {
            auto stored = co_await tools_.store.finish_turn(work_.start.lease, outcome);
            if (stored) co_return std::move(*stored);
            auto const& failed = stored.error();
            if (failed.code == "turn_lost") {
                lost_ = true;
                co_return std::nullopt;
            }
            log::error("reply not stored, trying again",
                       {{"reply_id", reply_id_}, {"code", failed.code}, {"detail", failed.detail}});
            if (work_.control->shutting_down()) co_return std::nullopt;
            co_await pause(executor_, wait);
        }
    }

    /// What the readers are told when there is no interaction any more that the reply could be stored in.
    task<std::optional<turn_end>> end_of_a_deleted_one(turn_outcome const& outcome) {
        auto const& lease = work_.start.lease;
        if (lost_) co_await count_usage(outcome);
        auto const left = co_await tools_.store.get_interaction(lease.user_id, lease.interaction_id);
        if (left || left.error().kind != error_kind::not_found) co_return std::nullopt;
        auto reply = work_.start.reply;
        reply.status = message_status::stopped;
        reply.content = outcome.content;
        reply.usage = outcome.usage;
        reply.timings = outcome.timings;
        reply.reasoning = outcome.reasoning;
        reply.attempts = outcome.attempts;
        co_return turn_end{std::move(reply)};
    }

    /// What it used was used, though the turn belongs to somebody else now, or its interaction is gone.
    task<void> count_usage(turn_outcome const& outcome) {
        auto const& reply = work_.start.reply;
        auto const used = outcome.usage.value_or(token_usage{});
        if (used.input_tokens + used.output_tokens == 0) co_return;
        for (int left = counting_tries; left > 0; --left) {
            usage_entry entry{.id = reply.message_id,
                              .user_id = work_.start.lease.user_id,
                              .at = reply.created_at,
                              .model_name = reply.model_name.value_or(""),
                              .usage = used};
            auto const added = co_await tools_.usage.add_usage(std::move(entry));
            if (added) co_return;
            log::warn("usage not counted", {{"reply_id", reply_id_},
                                            {"code", added.error().code},
                                            {"tries_left", std::int64_t{left - 1}}});
            if (left > 1) co_await pause(executor_, first_retry);
        }
    }

    void observe(message const& reply) {
        tools_.seen.generation_finished({.model = reply.model_name ? *reply.model_name : std::string_view{},
                                         .status = reply.status,
                                         .usage = reply.usage.value_or(token_usage{}),
                                         .timings = reply.timings.value_or(turn_timings{}),
                                         .decoding = decoding_});
        log::debug("turn ended", {{"reply_id", reply_id_}, {"status", to_text(reply.status)}});
        if (reply.status == message_status::failed) log_failure(reply);
    }

    /// Without what a provider says in its error: that may repeat what the user said.
    void log_failure(message const& reply) {
        std::string asked;
        for (auto const& one : reply.attempts) {
            asked += (asked.empty() ? "" : ", ") + one.target + " " + one.outcome;
        }
        log::warn("reply failed", {{"reply_id", reply_id_},
                                   {"model", std::string_view{reply.model_name ? *reply.model_name : ""}},
                                   {"code", std::string_view{reply.error ? reply.error->code : ""}},
                                   {"asked", std::string_view{asked}}});
    }

    turn_tools& tools_;
    turn_work& work_;
    boost::asio::any_io_executor executor_;
    std::string text_;
    std::string reasoning_;
    bool lost_ = false;  // the turn belongs to somebody else, or its interaction is gone
    checkpoints kept_{tools_.store, work_.start.lease, executor_};
    std::string reply_id_ = work_.start.lease.reply_id.text();
    steady::time_point begun_ = steady::now();
    std::chrono::milliseconds queued_{};  // before the model was asked
    std::chrono::milliseconds decoding_{};
};

}  // namespace

task<std::optional<turn_end>> run_turn(turn_tools tools, std::unique_ptr<turn_work> work,
                                       boost::asio::any_io_executor executor) {
    turn_run runner{tools, *work, std::move(executor)};
    auto ended = co_await runner.run();
    co_return ended;
}

}  // namespace parley
