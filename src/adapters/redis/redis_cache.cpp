#include "adapters/redis/redis_cache.hpp"

#include <fmt/format.h>

#include <random>
#include <string_view>
#include <utility>

namespace parley {
namespace {

using redis::format_command;
using steady = std::chrono::steady_clock;

// What the value under a key begins with.
constexpr char entry_mark = 'V';
constexpr char lease_mark = 'L';

/// Clocks that run a little differently.
constexpr std::chrono::milliseconds doubt_margin{100};

/// Replaces a lease, with what is left of its time.
constexpr std::string_view fill_script =
    "if redis.call('GET',KEYS[1])~=ARGV[1] then return 0 end "
    "local left=redis.call('PTTL',KEYS[1]) "
    "if left<=0 then return 0 end "
    "redis.call('SET',KEYS[1],ARGV[2],'PX',left) "
    "return 1";

std::uint64_t random_number() {
    thread_local std::mt19937_64 random{[] {
        std::random_device source;
        return (static_cast<std::uint64_t>(source()) << 32U) | source();
    }()};
    return random();
}

std::string lease_of(fill_token const& token) { return fmt::format("{}{:016x}", lease_mark, token.value); }

redis::client_report report_cache_to(metrics& seen) {
    return {.up = "cache available",
            .down = "cache unavailable: going on without it",
            .usable = [&seen](bool now) { seen.cache_usable(now); },
            .connection = [&seen](bool established) { seen.cache_connection(established); },
            .command = [&seen](bool answered,
                               std::chrono::nanoseconds took) { seen.cache_command(answered, took); }};
}

cache_answer bypass() { return cache_miss{std::nullopt, true}; }

}  // namespace

redis_cache::redis_cache(redis_cache_options how, metrics& seen)
    : prefix_(std::move(how.prefix)),
      ttl_(how.ttl),
      seen_(seen),
      doubts_(how.ttl + doubt_margin, how.most_doubtful),
      redis_(
          std::move(how.server), [this](redis::session const& at) { return probes(at); },
          report_cache_to(seen)) {}

redis_cache::~redis_cache() = default;

task<cache_answer> redis_cache::lookup(std::string key) {
    auto const at = redis_.current();
    if (!at || doubts_.covers(key, steady::now())) co_return bypass();
    auto name = name_of(*at, key);
    auto question = format_command({"GET", name});
    auto got = co_await redis_.call(at, std::move(question));
    if (!got) co_return bypass();
    if (got->is_error()) {
        redis_.give_up(at, got->text);
        co_return bypass();
    }
    if (!got->is_nil()) {
        if (got->text.empty() || got->text[0] != entry_mark) co_return cache_miss{};
        got->text.erase(0, 1);
        co_return cache_hit{std::move(got->text)};
    }
    auto leased = co_await take_lease(at, std::move(name));
    co_return leased;
}

task<cache_answer> redis_cache::take_lease(redis::session_ref at, std::string name) {
    fill_token const token{random_number(), steady::now()};
    auto question = format_command({"SET", name, lease_of(token), "PX", lifetime(), "NX"});
    auto const got = co_await redis_.call(at, std::move(question));
    if (!got) co_return bypass();
    if (got->is_error()) {
        redis_.give_up(at, got->text);
        co_return bypass();
    }
    if (got->is_nil()) co_return cache_miss{};
    co_return cache_miss{token};
}

void redis_cache::fill(std::string key, fill_token token, std::string bytes) {
    auto const at = redis_.current();
    if (!at) return;
    bytes.insert(bytes.begin(), entry_mark);
    auto command = format_command({"EVAL", fill_script, "1", name_of(*at, key), lease_of(token), bytes});
    redis_.send(at, std::move(command), [this, at](redis::answer got) {
        if (got && got->is_error()) redis_.give_up(at, got->text);
    });
}

task<void> redis_cache::invalidate(std::string key) {
    auto const at = redis_.current();
    bool delivered = false;
    if (at) {
        auto command = format_command({"DEL", name_of(*at, key)});
        auto const got = co_await redis_.call(at, std::move(command));
        delivered = got && !got->is_error();
        if (got && got->is_error()) redis_.give_up(at, got->text);
    }
    if (!delivered) doubts_.add(std::move(key), steady::now());
    seen_.cache_invalidation(delivered);
}

cache_state redis_cache::state() const {
    return redis_.current() ? cache_state::ok : cache_state::unavailable;
}

bool redis_cache::wait_for_first_attempt(std::chrono::milliseconds longest) const {
    return redis_.wait_for_first_attempt(longest);
}

std::string redis_cache::name_of(redis::session const& at, std::string const& key) const {
    return fmt::format("{}:{}:{}", prefix_, at.identity, key);
}

/// Between 80 % and 100 %, so that what was filled together does not expire together.
std::string redis_cache::lifetime() const {
    auto const share = 800 + static_cast<std::int64_t>(random_number() % 201);
    return std::to_string(std::max<std::int64_t>(1, ttl_.count() * share / 1000));
}

/// Everything that will be asked of the server, on a key that nobody uses.
std::vector<std::string> redis_cache::probes(redis::session const& at) const {
    auto const name = name_of(at, "probe");
    return {format_command({"SET", name, "L", "PX", "1000", "NX"}), format_command({"GET", name}),
            format_command({"EVAL", fill_script, "1", name, "-", "V"}), format_command({"DEL", name})};
}

result<std::unique_ptr<redis_cache>> open_redis_cache(redis_cache_options how, metrics& seen) {
    if (how.server.where.tls) {
        auto const usable = redis::make_tls_context(how.server);
        if (!usable) return std::unexpected(usable.error());
    }
    return std::make_unique<redis_cache>(std::move(how), seen);
}

}  // namespace parley
