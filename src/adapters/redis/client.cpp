#include "adapters/redis/client.hpp"

#include "adapters/redis/greeting.hpp"
#include "common/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <pthread.h>

#include <algorithm>
#include <random>
#include <utility>

namespace parley::redis {
namespace {

using steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// A connection that has lasted so long was a good one: the next attempt comes soon.
constexpr milliseconds lasting{1'000};
constexpr std::chrono::hours long_time{1};

/// Between half of it and all of it, so that many processes do not come back together.
milliseconds jittered(milliseconds pause) {
    thread_local std::minstd_rand random{std::random_device{}()};
    std::uniform_int_distribution<std::int64_t> share{500, 1000};
    return std::max(milliseconds{1}, pause * share(random) / 1000);
}

error not_connected() { return {error_kind::unavailable, "redis_closed", "Redis is not connected.", {}, {}}; }

}  // namespace

client::client(options how, probe_maker probes, client_report report)
    : how_(std::move(how)),
      probes_(std::move(probes)),
      report_(std::move(report)) {
    tell_usable(false);
    boost::asio::co_spawn(loop_, supervise(), boost::asio::detached);
    thread_ = std::thread{[this] { loop_.run(); }};
    ::pthread_setname_np(thread_.native_handle(), "parley-redis");
}

client::~client() { close(); }

void client::close() {
    if (!thread_.joinable()) return;
    boost::asio::post(loop_, [this] {
        closing_ = true;
        if (auto const open = dialling_.lock()) open->close(not_connected());
        went_down(not_connected());
        loop_.stop();
    });
    thread_.join();
    // Commands that were handed over and not sent are answered, so that no coroutine is destroyed here.
    // A line that has come up meanwhile is closed too: a command that waits on it would keep it alive for
    // ever.
    for (std::size_t lines = 0; lines <= how_.where.nodes.size() + 1; ++lines) {
        loop_.restart();
        loop_.poll();
        if (auto const open = dialling_.lock()) open->close(not_connected());
    }
}

session_ref client::current() const {
    std::lock_guard const lock{guard_};
    return current_;
}

std::string client::problem() const {
    std::lock_guard const lock{guard_};
    return problem_;
}

bool client::wait_for_first_attempt(milliseconds longest) const {
    return first_attempt_.wait_for(longest) == std::future_status::ready;
}

void client::send(session_ref at, std::string bytes, completion done) {
    auto const begun = steady::now();
    boost::asio::post(
        loop_, [this, begun, at = std::move(at), bytes = std::move(bytes), done = std::move(done)]() mutable {
            if (!line_ || at != current_) return done(std::unexpected(not_connected()));
            line_->send(std::move(bytes), begun + how_.command_timeout,
                        [this, begun, done = std::move(done)](answer outcome) mutable {
                            if (report_.command) report_.command(outcome.has_value(), steady::now() - begun);
                            done(std::move(outcome));
                        });
        });
}

void client::give_up(session_ref const& at, std::string const& said) {
    boost::asio::post(loop_, [this, at, said] {
        if (!line_ || at != current_) return;
        auto const why = refusal(at->server, said);
        line_->close(why);
        went_down(why);
    });
}

task<void> client::supervise() {
    auto pause = how_.first_pause;
    bool first = true;
    while (!closing_) {
        auto connected = co_await try_once();
        if (closing_) break;
        if (report_.connection) report_.connection(connected.has_value());
        if (connected) {
            auto const since = steady::now();
            auto const at =
                std::make_shared<session const>(session{to_text(connected->where), connected->identity});
            came_up(std::move(*connected), at);
            if (std::exchange(first, false)) attempted_.set_value();
            while (line_) co_await bell_.wait(long_time);
            if (steady::now() - since >= lasting) pause = how_.first_pause;
        } else {
            went_down(connected.error());
            if (std::exchange(first, false)) attempted_.set_value();
        }
        if (closing_) break;
        auto const until = steady::now() + jittered(pause);
        while (!closing_ && steady::now() < until) {
            auto const left = std::chrono::ceil<milliseconds>(until - steady::now());
            co_await bell_.wait(left);
        }
        pause = std::min(pause * 2, how_.longest_pause);
    }
}

task<result<dialled>> client::try_once() {
    auto connected = co_await dial(how_, dialling_);
    if (!connected) co_return connected;
    session const at{to_text(connected->where), connected->identity};
    auto const good = co_await probe(connected->line, at);
    if (good) co_return connected;
    connected->line->close(good.error());
    co_return std::unexpected(good.error());
}

task<result<void>> client::probe(std::shared_ptr<link> line, session const& at) {
    auto commands = probes_(at);
    commands.push_back(format_command({"PING"}));
    for (auto& command : commands) {
        auto const said = co_await line->ask(std::move(command), how_.command_timeout);
        if (!said) co_return std::unexpected(said.error());
        if (said->is_error()) co_return std::unexpected(refusal(at.server, said->text));
    }
    co_return result<void>{};
}

void client::came_up(dialled connected, session_ref at) {
    line_ = std::move(connected.line);
    line_->on_end([this](error const& why) { went_down(why); });
    log::info(report_.up, {{"server", at->server}});
    told_.clear();
    {
        std::lock_guard const lock{guard_};
        current_ = std::move(at);
        problem_.clear();
    }
    tell_usable(true);
}

void client::went_down(error const& why) {
    line_.reset();
    {
        std::lock_guard const lock{guard_};
        current_.reset();
        problem_ = why.message;
    }
    tell_usable(false);
    if (!closing_ && why.message != told_) {
        told_ = why.message;
        log::warn(report_.down, {{"problem", why.message}, {"code", why.code}, {"detail", why.detail}});
    }
    bell_.notify();
}

void client::tell_usable(bool now) const {
    if (report_.usable) report_.usable(now);
}

}  // namespace parley::redis
