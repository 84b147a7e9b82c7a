// A Redis of the test's own and limiters on it, each as another process of Parley would have it.
#pragma once

#include "adapters/memory/memory_limiter.hpp"
#include "adapters/redis/redis_limiter.hpp"
#include "services/metrics.hpp"
#include "support/event_loops.hpp"
#include "support/redis/fault_proxy.hpp"
#include "support/redis/redis_server.hpp"
#include "support/wait_until.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace parley::test {

using namespace std::chrono_literals;

class limiter_metrics final : public no_metrics {
public:
    void limiter_usable(bool now) override { usable = now; }
    void limiter_command(bool was_answered, std::chrono::nanoseconds) override {
        ++(was_answered ? answered : failed);
    }
    void limiter_alone() override { ++alone; }
    void cache_usable(bool) override { told_of_a_cache = true; }
    void cache_connection(bool) override { told_of_a_cache = true; }
    void cache_command(bool, std::chrono::nanoseconds) override { told_of_a_cache = true; }

    std::atomic<bool> usable = false;
    std::atomic<int> answered = 0;
    std::atomic<int> failed = 0;
    std::atomic<int> alone = 0;
    std::atomic<bool> told_of_a_cache = false;
};

class redis_limits : public testing::Test {
protected:
    static constexpr timestamp t0{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
    static constexpr rate_limit three{3, 24h};
    /// What a command may take here: much, so that a busy machine is not taken for a slow Redis.
    static constexpr auto command_limit = 2'000ms;

    /// Not started yet.
    redis_server& server() { return server_; }

    redis_limiter_options options_for(std::uint16_t port) const {
        redis_limiter_options how;
        how.server.where.nodes = {{"127.0.0.1", port}};
        how.server.command_timeout = command_limit;
        how.server.connect_timeout = command_limit;
        how.server.idle_check = 100ms;
        how.server.longest_pause = 100ms;
        how.prefix = "test";
        return how;
    }

    /// Waits for its first attempt to connect.
    redis_limiter& open(redis_limiter_options const& how) {
        auto made = open_redis_limiter(how, std::make_unique<memory_limiter>(), seen_);
        EXPECT_TRUE(made) << made.error().message;
        EXPECT_TRUE((*made)->wait_for_first_attempt(20s));
        return *limiters_.emplace_back(std::move(*made));
    }
    redis_limiter& open() { return open(options_for(server_.port())); }

    [[nodiscard]] static bool comes_up(redis_limiter const& one) {
        return wait_until([&] { return one.is_shared(); });
    }
    [[nodiscard]] static bool goes_down(redis_limiter const& one) {
        return wait_until([&] { return !one.is_shared(); });
    }

    limit_verdict take(limiter& in, rate_limit rate = three, std::string const& key = "key") {
        return loops_.run(in.take(key, rate, t0)).value();
    }
    /// Until it is refused.
    int take_all(limiter& in, std::string const& key = "key") {
        int count = 0;
        while (take(in, three, key).is_allowed) ++count;
        return count;
    }
    limit_verdict enter(limiter& in, std::string const& who, std::int64_t most) {
        return loops_.run(in.enter("key", who, most, t0 + 24h, t0)).value();
    }
    void leave(limiter& in, std::string const& who) { in.leave("key", who); }
    /// The sum after that.
    std::int64_t add(limiter& in, std::int64_t amount) {
        in.add("key", amount, t0 + 24h, t0);
        return loops_.run(in.sum_of("key", t0)).value();
    }

    limiter_metrics seen_;

private:
    redis_server server_;
    std::vector<std::unique_ptr<redis_limiter>> limiters_;

protected:
    event_loops loops_;  // joined before the limiters go
};

}  // namespace parley::test
