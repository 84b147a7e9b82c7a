#include "adapters/upstream/remote_run.hpp"

#include <boost/asio/as_tuple.hpp>

#include <algorithm>
#include <utility>

namespace parley::upstream {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t most_waiting = std::size_t{32} * 1024;  // bytes of text that the reader has not taken
constexpr std::size_t largest_error = std::size_t{64} * 1024;
constexpr std::size_t longest_farewell = std::size_t{64} * 1024;
constexpr std::chrono::milliseconds after_finish = 5s;  // for usage and the end mark
constexpr std::chrono::milliseconds farewell = 1s;      // for the end of the HTTP answer behind the end mark

std::chrono::milliseconds in_ms(std::chrono::steady_clock::duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span);
}

std::unique_ptr<answer_reader> reader_of(upstream const& server) {
    return server.settings().dialect == "anthropic" ? make_anthropic_reader(server.words())
                                                    : make_openai_reader(server.words());
}

}  // namespace

void open_streams::add(int change) {
    std::lock_guard const lock(mutex_);
    count_ += static_cast<std::size_t>(change);
    server_->statistics().upstream_streams(server_->name(), model_, count_);
}

std::size_t open_streams::now() const {
    std::lock_guard const lock(mutex_);
    return count_;
}

remote_run::remote_run(std::shared_ptr<upstream> server, std::shared_ptr<open_streams> streams, task_of what,
                       asio::any_io_executor executor)
    : server_(std::move(server)),
      streams_(std::move(streams)),
      executor_(std::move(executor)),
      work_(std::move(what)),
      life_(std::make_shared<lifeline>(executor_)),
      stream_(reader_of(*server_), server_->words()),
      more_(executor_),
      room_(executor_) {
    streams_->add(1);
}

remote_run::~remote_run() {
    if (!over_) streams_->add(-1);
}

task<void> remote_run::run(std::shared_ptr<remote_run> self) {
    exchange talk{self->server_, self->executor_, self->life_};
    auto request = std::exchange(self->work_.request, {});
    std::function<void()> on_sent = [run = self.get()] {
        if (!run->sent_) run->sent_ = steady::now();
    };
    auto const patience = self->server_->settings().first_token_timeout;
    auto const begun = co_await talk.begin(std::move(request), patience, std::move(on_sent));
    if (begun) {
        co_await self->read_answer(talk);
    } else {
        self->finish(begun.error());
    }
}

task<void> remote_run::read_answer(exchange& talk) {
    auto const status = talk.answer().status();
    if (status < 200 || status > 299 || status == 204) {
        note_retry_after(talk.answer());
        auto const body = co_await talk.read_body(largest_error);
        talk.keep_connection();
        finish(server_->words().of_status(status, body));
        co_return;
    }
    if (auto problem = problem_of(talk.answer(), server_->words())) {
        finish(std::move(problem));
        co_return;
    }
    co_await read_stream(talk);
}

task<void> remote_run::read_stream(exchange& talk) {
    auto how = exchange::progress::more;
    for (;;) {
        auto const before = stream_.answer().steps();
        stream_.feed(talk.body());
        move_deadline(before);
        if (stream_.over() || how != exchange::progress::more) break;
        if (stream_.answer().waiting_bytes() >= most_waiting) co_await wait_for_room(talk);
        how = co_await talk.read_more();
    }
    auto& answer = stream_.answer();
    auto const late = life_->ended() == lifeline::cause::deadline && !stream_.over() && !answer.finish;
    stream_.finish(how == exchange::progress::lost);
    if (late) {
        auto const& how_long = server_->settings();
        answer.failure = first_ ? server_->words().too_slow("nothing more", how_long.token_timeout)
                                : server_->words().too_slow("no first token", how_long.first_token_timeout);
    }
    auto const complete = answer.complete;
    finish(std::move(answer.failure));
    if (complete) co_await leave_well(talk);
}

/// What has no text, comments and pings for instance, does not move it.
void remote_run::move_deadline(std::size_t steps_before) {
    auto const& answer = stream_.answer();
    auto const patience = server_->settings().token_timeout;
    if (answer.steps() != steps_before) {
        last_ = steady::now();
        if (!first_) first_ = last_;
        more_.cancel();
        if (!finishing_) life_->end_within(patience);
    }
    if (!finishing_ && answer.finish) {
        finishing_ = true;
        life_->end_within(std::min(patience, after_finish));
    }
}

/// The upstream is not read while the reader is behind, so that TCP slows it down.
task<void> remote_run::wait_for_room(exchange& talk) {
    life_->no_deadline();
    while (stream_.answer().waiting_bytes() >= most_waiting && life_->ended() == lifeline::cause::none) {
        room_.expires_at(steady::time_point::max());
        life_->interrupt_by([this] { room_.cancel(); });
        co_await room_.async_wait(as_tuple);
    }
    life_->end_within(server_->settings().token_timeout);
    talk.guard_connection();
}

/// The answer is told; the connection is worth a moment more, for the next request.
task<void> remote_run::leave_well(exchange& talk) {
    life_->end_within(farewell);
    std::size_t seen = 0;
    auto how = talk.answer().is_whole() ? exchange::progress::whole : exchange::progress::more;
    while (how == exchange::progress::more && seen < longest_farewell) {
        how = co_await talk.read_more();
        seen += talk.body().size() + 1;
    }
    talk.keep_connection();
}

task<generation_event> remote_run::next(std::shared_ptr<remote_run> self, std::chrono::milliseconds longest) {
    auto const deadline = steady::now() + longest;
    auto& answer = self->stream_.answer();
    for (;;) {
        if (answer.has_piece()) {
            auto piece = answer.take_piece();
            self->room_.cancel();
            if (piece.reasoning) co_return generation_reasoning{std::move(piece.text)};
            co_return generation_delta{std::move(piece.text)};
        }
        if (self->over_) co_return self->end_;
        if (steady::now() >= deadline) co_return generation_idle{};
        self->more_.expires_at(deadline);
        co_await self->more_.async_wait(as_tuple);
    }
}

void remote_run::stop() {
    if (!over_) life_->end(lifeline::cause::stopped);
}

void remote_run::give_up() {
    if (over_) return;
    stream_.answer().failure.reset();
    finish(internal_error("reading the answer of an upstream threw").error());
}

void remote_run::note_retry_after(http_answer const& answer) {
    end_.retry_after = read_retry_after(answer.field("Retry-After"), answer.field("retry-after-ms"),
                                        std::chrono::system_clock::now());
}

void remote_run::finish(std::optional<error> failure) {
    auto const now = steady::now();
    auto& answer = stream_.answer();
    end_.stopped = life_->ended() == lifeline::cause::stopped && !answer.complete;
    if (!end_.stopped) end_.failure = std::move(failure);
    auto const well = !end_.stopped && !end_.failure;
    if (well) {
        end_.finish_reason = answer.finish.value_or(finish_reason::stop);
        auto calls = answer.calls.take(end_.finish_reason == finish_reason::length);
        if (!calls) {
            end_.failure = server_->words().invalid_answer("it calls a tool without a name");
        } else if (!calls->empty()) {
            end_.tool_calls = std::move(*calls);
            // Some servers say stop.
            if (end_.finish_reason == finish_reason::stop) end_.finish_reason = finish_reason::tool_calls;
        }
    }
    end_.queued = in_ms(sent_.value_or(now) - started_);
    if (first_) {
        end_.time_to_first_token = in_ms(*first_ - started_);
        end_.decoding = in_ms(last_ - *first_);
    }
    count_usage(well);
    over_ = true;
    tell();
    more_.cancel();
}

/// A request that never reached the model has used nothing.
void remote_run::count_usage(bool exact) {
    auto const& answer = stream_.answer();
    auto const read = answer.begun || (sent_ && (end_.stopped || life_->ended() != lifeline::cause::none));
    if (!read) return;
    auto& usage = end_.usage;
    auto const& told = answer.usage;
    usage.input_tokens = told.input.value_or(work_.input_estimate);
    usage.cached_tokens = std::min(told.cached.value_or(0), usage.input_tokens);
    // A stream that broke off has told its output only so far, if at all.
    usage.output_tokens = exact ? told.output.value_or(answer.estimated_output()) : answer.estimated_output();
    usage.estimated = !exact || !told.input || !told.output;
    if (work_.price) usage.cost = cost_of(usage, *work_.price);
}

void remote_run::tell() {
    streams_->add(-1);
    upstream_observation seen{.upstream = server_->name(),
                              .model = streams_->model(),
                              .outcome = "ok",
                              .time_to_first_token = {},
                              .time_per_output_token = {}};
    if (end_.stopped) seen.outcome = "stopped";
    if (end_.failure) seen.outcome = end_.failure->code;
    if (first_) {
        seen.time_to_first_token = *first_ - started_;
        if (end_.usage.output_tokens > 1)
            seen.time_per_output_token = (last_ - *first_) / (end_.usage.output_tokens - 1);
    }
    server_->statistics().upstream_request(seen);
}

}  // namespace parley::upstream
