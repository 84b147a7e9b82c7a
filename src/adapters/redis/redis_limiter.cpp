#include "adapters/redis/redis_limiter.hpp"

#include "adapters/redis/limit_scripts.hpp"
#include "adapters/redis/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace parley {
namespace {

using redis::format_command;
using redis::reply;

std::string text_of(std::int64_t number) { return std::to_string(number); }
std::string text_of(timestamp at) { return std::to_string(to_unix_ms(at)); }

std::optional<limit_verdict> verdict_of(reply const& said) {
    auto const is_number = [](reply const& one) { return one.kind == reply::type::integer; };
    if (said.items.size() != 4 || !std::ranges::all_of(said.items, is_number)) return std::nullopt;
    using std::chrono::milliseconds;
    return limit_verdict{.is_allowed = said.items[0].number == 1,
                         .remaining = said.items[1].number,
                         .full_again = milliseconds{said.items[2].number},
                         .retry_after = milliseconds{said.items[3].number}};
}

redis::client_report report_limiter_to(metrics& seen) {
    return {.up = "limits are counted together, in Redis",
            .down = "limits are counted by this process alone: Redis is unavailable",
            .usable = [&seen](bool now) { seen.limiter_usable(now); },
            .command = [&seen](bool answered,
                               std::chrono::nanoseconds took) { seen.limiter_command(answered, took); }};
}

}  // namespace

redis_limiter::redis_limiter(redis_limiter_options how, std::unique_ptr<limiter> alone, metrics& seen)
    : prefix_(std::move(how.prefix)),
      alone_(std::move(alone)),
      seen_(seen),
      redis_(
          std::move(how.server), [this](redis::session const&) { return probes(); },
          report_limiter_to(seen)) {}

redis_limiter::~redis_limiter() = default;

task<result<limit_verdict>> redis_limiter::take(std::string key, rate_limit rate, timestamp now) {
    auto const wanted = countable(rate);
    auto name = name_of("rate", key);
    std::vector<std::string> arguments{text_of(wanted.amount), text_of(wanted.window.count()), text_of(now)};
    auto const shared = co_await decide(redis::take_script(), std::move(name), std::move(arguments));
    if (shared && !shared->is_allowed) co_return *shared;
    auto alone = co_await alone_->take(std::move(key), rate, now);
    if (shared) co_return *shared;
    co_return alone;
}

task<result<limit_verdict>> redis_limiter::enter(std::string key, std::string who, std::int64_t most,
                                                 timestamp until, timestamp now) {
    auto name = name_of("places", key);
    auto const wanted = std::clamp<std::int64_t>(most, 0, most_counted);
    std::vector<std::string> arguments{who, text_of(wanted), text_of(until), text_of(now)};
    auto const shared = co_await decide(redis::enter_script(), std::move(name), std::move(arguments));
    if (shared && !shared->is_allowed) co_return *shared;
    // Who is in by Redis's word is in here too: this process must know how many it has let in.
    auto const room = shared ? std::numeric_limits<std::int64_t>::max() : most;
    auto alone = co_await alone_->enter(std::move(key), std::move(who), room, until, now);
    if (shared) co_return *shared;
    co_return alone;
}

void redis_limiter::leave(std::string key, std::string who) {
    send(format_command({"ZREM", name_of("places", key), who}));
    alone_->leave(std::move(key), std::move(who));
}

void redis_limiter::add(std::string key, std::int64_t amount, timestamp until, timestamp now) {
    auto const change = std::clamp(amount, -most_counted, most_counted);
    // Whole, since nobody would hear that the script is not known.
    send(redis::add_script().whole(name_of("sum", key), {text_of(change), text_of(until), text_of(now)}));
    alone_->add(std::move(key), amount, until, now);
}

task<result<std::int64_t>> redis_limiter::sum_of(std::string key, timestamp now) {
    auto name = name_of("sum", key);
    std::vector<std::string> arguments{"0", text_of(now), text_of(now)};
    auto const shared = co_await run(redis::add_script(), std::move(name), std::move(arguments));
    auto alone = co_await alone_->sum_of(std::move(key), now);
    if (shared && shared->kind == reply::type::integer) co_return shared->number;
    co_return alone;
}

void redis_limiter::send(std::string command) {
    auto const at = redis_.current();
    if (!at) return;
    redis_.send(at, std::move(command), [this, at](redis::answer said) {
        if (said && said->is_error()) redis_.give_up(at, said->text);
    });
}

bool redis_limiter::wait_for_first_attempt(std::chrono::milliseconds longest) const {
    return redis_.wait_for_first_attempt(longest);
}

task<std::optional<limit_verdict>> redis_limiter::decide(redis::script const& what, std::string name,
                                                         std::vector<std::string> arguments) {
    auto const said = co_await run(what, std::move(name), std::move(arguments));
    if (!said) co_return std::nullopt;
    co_return verdict_of(*said);
}

task<std::optional<reply>> redis_limiter::run(redis::script const& what, std::string name,
                                              std::vector<std::string> arguments) {
    auto const at = redis_.current();
    if (at) {
        auto command = what.by_hash(name, arguments);
        auto said = co_await redis_.call(at, std::move(command));
        if (said && said->is_error() && said->text.starts_with("NOSCRIPT")) {
            auto whole = what.whole(name, arguments);
            said = co_await redis_.call(at, std::move(whole));
        }
        if (said && !said->is_error()) co_return std::move(*said);
        if (said) redis_.give_up(at, said->text);
    }
    seen_.limiter_alone();
    co_return std::nullopt;
}

std::string redis_limiter::name_of(std::string_view kind, std::string_view key) const {
    return fmt::format("{}:limit:{}:{}", prefix_, kind, key);
}

/// Everything that will be asked of the server, on keys that nobody uses and that are gone at once. It knows
/// the scripts from then on.
std::vector<std::string> redis_limiter::probes() const {
    auto const rate = name_of("rate", "probe:");
    auto const places = name_of("places", "probe:");
    auto const sum = name_of("sum", "probe:");
    auto const& take = redis::take_script();
    return {take.whole(rate, {"1", "1", "0"}),
            take.by_hash(rate, {"1", "1", "0"}),
            redis::enter_script().whole(places, {"probe", "1", "1", "0"}),
            format_command({"ZREM", places, "probe"}),
            redis::add_script().whole(sum, {"1", "1", "0"}),
            redis::add_script().whole(sum, {"1", "0", "0"})};
}

result<std::unique_ptr<redis_limiter>> open_redis_limiter(redis_limiter_options how,
                                                          std::unique_ptr<limiter> alone, metrics& seen) {
    if (how.server.where.tls) {
        auto const usable = redis::make_tls_context(how.server);
        if (!usable) return std::unexpected(usable.error());
    }
    return std::make_unique<redis_limiter>(std::move(how), std::move(alone), seen);
}

}  // namespace parley
