// A Redis of the test's own and caches on it, each as another process of Parley would have it.
#pragma once

#include "adapters/redis/redis_cache.hpp"
#include "services/metrics.hpp"
#include "support/event_loops.hpp"
#include "support/redis/fault_proxy.hpp"
#include "support/redis/redis_server.hpp"
#include "support/wait_until.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace parley::test {

using namespace std::chrono_literals;

class counted_metrics final : public no_metrics {
public:
    void cache_invalidation(bool arrived) override { ++(arrived ? delivered : lost); }
    void cache_connection(bool established) override { ++(established ? connected : refused); }
    void cache_usable(bool now) override { usable = now; }

    std::atomic<int> delivered = 0;
    std::atomic<int> lost = 0;
    std::atomic<int> connected = 0;
    std::atomic<int> refused = 0;
    std::atomic<bool> usable = false;
};

/// What a command may take here: much, so that a busy machine is not taken for a slow Redis.
constexpr auto command_limit = 2'000ms;

class redis_test : public testing::Test {
protected:
    /// Not started yet: tests give it arguments first.
    redis_server& server() { return server_; }

    static redis_cache_options options_for(std::uint16_t port) {
        redis_cache_options how;
        how.server.where.nodes = {{"127.0.0.1", port}};
        how.server.command_timeout = command_limit;
        how.server.connect_timeout = command_limit;
        how.server.idle_check = 100ms;
        how.server.longest_pause = 100ms;
        return how;
    }
    redis_cache_options options() { return options_for(server_.port()); }

    /// Waits for its first attempt to connect.
    redis_cache& open(redis_cache_options const& how) {
        auto made = open_redis_cache(how, seen_);
        EXPECT_TRUE(made) << made.error().message;
        EXPECT_TRUE((*made)->wait_for_first_attempt(20s));
        return *caches_.emplace_back(std::move(*made));
    }
    redis_cache& open() { return open(options()); }

    static bool is_up(redis_cache const& kept) { return kept.state() == cache_state::ok; }
    [[nodiscard]] static bool comes_up(redis_cache const& kept) {
        return wait_until([&] { return is_up(kept); });
    }
    [[nodiscard]] static bool goes_down(redis_cache const& kept) {
        return wait_until([&] { return !is_up(kept); });
    }

    cache_answer lookup(cache& in, std::string const& key = "key") { return loops_.run(in.lookup(key)); }
    std::optional<std::string> bytes(cache& in, std::string const& key = "key") {
        auto answer = lookup(in, key);
        auto* const hit = std::get_if<cache_hit>(&answer);
        return hit == nullptr ? std::nullopt : std::optional{std::move(hit->bytes)};
    }
    bool is_bypassed(cache& in, std::string const& key = "key") {
        auto const answer = lookup(in, key);
        auto const* const miss = std::get_if<cache_miss>(&answer);
        return miss != nullptr && miss->bypassed && !miss->token;
    }
    fill_token token(cache& in, std::string const& key = "key") {
        auto const answer = lookup(in, key);
        auto const* const miss = std::get_if<cache_miss>(&answer);
        EXPECT_TRUE(miss != nullptr && miss->token);
        return miss != nullptr ? miss->token.value_or(fill_token{}) : fill_token{};
    }
    void keep(cache& in, std::string const& value, std::string const& key = "key") {
        in.fill(key, token(in, key), value);
        EXPECT_EQ(bytes(in, key), value);
    }
    void invalidate(cache& in, std::string const& key = "key") { EXPECT_TRUE(loops_.run(discard(in, key))); }
    static task<bool> discard(cache& in, std::string key) {
        co_await in.invalidate(std::move(key));
        co_return true;
    }

    counted_metrics seen_;

private:
    redis_server server_;
    std::vector<std::unique_ptr<redis_cache>> caches_;

protected:
    event_loops loops_;  // joined before the caches go
};

}  // namespace parley::test
