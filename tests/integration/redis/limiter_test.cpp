// Limits while Redis fails: each process still holds them, by itself, at once; and together again when it is
// back.
#include "integration/redis/limiter_fixture.hpp"

#include <sstream>

namespace parley::test {
namespace {

using steady = std::chrono::steady_clock;

/// Far below what the timeout of a command would cost, far above what deciding alone costs.
constexpr auto at_once = 1'500ms;

bool says(std::string const& text, std::string_view what) { return text.find(what) != std::string::npos; }

int count_of(std::string const& text, std::string_view what) {
    int count = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

TEST_F(redis_limits, absent_at_the_start_and_there_later) {
    auto& one = open();
    EXPECT_FALSE(one.is_shared());
    EXPECT_TRUE(says(one.problem(), "127.0.0.1:" + std::to_string(server().port()))) << one.problem();
    EXPECT_EQ(take_all(one), 3) << "the limit holds in this process";
    EXPECT_EQ(seen_.alone, 4);
    EXPECT_FALSE(seen_.usable) << "it never was";
    server().start();
    ASSERT_TRUE(comes_up(one));
    EXPECT_TRUE(wait_until([&] { return seen_.usable.load(); }));
    EXPECT_EQ(one.problem(), "");
    auto& other = open();
    EXPECT_EQ(take(one).remaining, 2);
    EXPECT_EQ(take(other).remaining, 1);
    EXPECT_EQ(seen_.alone, 4);
    EXPECT_GE(seen_.answered, 2);
    EXPECT_FALSE(seen_.told_of_a_cache) << "these are not the cache's figures";
}

TEST_F(redis_limits, killed_and_back) {
    server().start();
    auto& one = open();
    auto& other = open();
    EXPECT_EQ(take(one).remaining, 2);
    EXPECT_EQ(take(other).remaining, 1);
    EXPECT_EQ(add(one, 10), 10);
    EXPECT_EQ(add(other, 5), 15);
    server().stop();
    ASSERT_TRUE(goes_down(one));
    ASSERT_TRUE(goes_down(other));
    EXPECT_TRUE(wait_until([&] { return !seen_.usable; }));
    EXPECT_EQ(take_all(one), 2) << "it knows what it has itself let pass";
    EXPECT_EQ(take_all(other), 2);
    EXPECT_EQ(add(one, 1), 11);
    EXPECT_EQ(add(other, 1), 6);
    server().start();  // without anything of before, scripts included
    ASSERT_TRUE(comes_up(one));
    ASSERT_TRUE(comes_up(other));
    EXPECT_EQ(take_all(one), 3);
    EXPECT_EQ(take_all(other), 0) << "together again";
    EXPECT_EQ(add(one, 1), 1);
    EXPECT_EQ(add(other, 1), 2);
}

TEST_F(redis_limits, places_survive_the_loss_of_redis_in_the_process_that_gave_them) {
    server().start();
    auto& one = open();
    EXPECT_TRUE(enter(one, "a", 2).is_allowed);
    EXPECT_TRUE(enter(one, "b", 2).is_allowed);
    EXPECT_FALSE(enter(one, "c", 2).is_allowed);
    leave(one, "b");
    server().stop();
    ASSERT_TRUE(goes_down(one));
    EXPECT_TRUE(enter(one, "c", 2).is_allowed);
    EXPECT_FALSE(enter(one, "d", 2).is_allowed) << "a and c are in";
    leave(one, "a");
    EXPECT_TRUE(enter(one, "d", 2).is_allowed);
    server().start();
    ASSERT_TRUE(comes_up(one));
    EXPECT_TRUE(enter(one, "e", 2).is_allowed);
    leave(one, "c");
    leave(one, "d");
    leave(one, "e");
    server().stop();
    ASSERT_TRUE(goes_down(one));
    EXPECT_EQ(enter(one, "f", 2).remaining, 1) << "who left while Redis was there has left here too";
}

TEST_F(redis_limits, stopped_costs_one_timeout_and_then_nothing) {
    server().start();
    auto how = options_for(server().port());
    how.server.idle_check = 1h;  // the first call is the one that notices
    auto& one = open(how);
    server().freeze();
    auto begun = steady::now();
    EXPECT_EQ(take(one).remaining, 2);
    EXPECT_LT(steady::now() - begun, command_limit + at_once);
    EXPECT_EQ(seen_.failed, 1);
    EXPECT_FALSE(one.is_shared());
    for (int i = 0; i < 100; ++i) {
        begun = steady::now();
        EXPECT_EQ(take(one).is_allowed, i < 2);
        EXPECT_EQ(add(one, 1), i + 1);
        EXPECT_LT(steady::now() - begun, at_once);
    }
    server().thaw();
    ASSERT_TRUE(comes_up(one));
    EXPECT_EQ(take(one, three, "another key").remaining, 2);
    EXPECT_TRUE(wait_until([&] { return seen_.usable.load(); }));
}

TEST_F(redis_limits, slower_than_the_timeout_counts_as_down) {
    server().start();
    fault_proxy proxy{server().port()};
    auto how = options_for(proxy.port());
    how.server.command_timeout = 2 * at_once;
    auto& one = open(how);
    ASSERT_TRUE(one.is_shared());
    proxy.delay(3 * at_once);
    ASSERT_TRUE(goes_down(one));
    EXPECT_EQ(take_all(one), 3);
    proxy.delay(0ms);
    ASSERT_TRUE(comes_up(one));
    EXPECT_EQ(take(one).remaining, 2);
}

TEST_F(redis_limits, cut_off_in_the_middle_of_many_calls) {
    server().start();
    fault_proxy proxy{server().port()};
    auto& one = open(options_for(proxy.port()));
    proxy.cut_after(700);
    std::vector<task<result<limit_verdict>>> asking;
    for (int i = 0; i < 200; ++i) asking.push_back(one.take("key", {100, 24h}, t0));
    int allowed = 0;
    for (auto const& got : loops_.run_all(std::move(asking))) {
        ASSERT_TRUE(got);
        if (got->is_allowed) ++allowed;
    }
    EXPECT_GE(allowed, 100);
    EXPECT_LE(allowed, 200) << "what Redis has allowed, and what this process has";
    ASSERT_TRUE(comes_up(one));
}

TEST_F(redis_limits, lost_scripts_are_sent_again) {
    server().start();
    auto& one = open();
    EXPECT_EQ(take(one).remaining, 2);
    EXPECT_EQ(server().ask({"SCRIPT", "FLUSH"}), "OK");
    EXPECT_EQ(take(one).remaining, 1);
    EXPECT_TRUE(enter(one, "a", 1).is_allowed);
    EXPECT_FALSE(enter(one, "b", 1).is_allowed);
    EXPECT_EQ(add(one, 5), 5);
    EXPECT_EQ(add(one, 5), 10);
    EXPECT_TRUE(one.is_shared());
    EXPECT_EQ(seen_.alone, 0);
}

TEST_F(redis_limits, one_decision_is_one_command) {
    server().start();
    auto& one = open();
    EXPECT_TRUE(take(one).is_allowed);
    EXPECT_EQ(server().ask({"CONFIG", "RESETSTAT"}), "OK");
    for (int i = 0; i < 10; ++i) static_cast<void>(take(one));
    EXPECT_TRUE(enter(one, "a", 1).is_allowed);
    EXPECT_EQ(add(one, 5), 5);
    auto const told = server().ask({"INFO", "commandstats"});
    EXPECT_TRUE(says(told, "cmdstat_evalsha:calls=12,")) << told;
    EXPECT_TRUE(says(told, "cmdstat_eval:calls=1,")) << "add: nobody would hear that it is not known" << told;
}

TEST_F(redis_limits, flushed_begins_anew) {
    server().start();
    auto& one = open();
    EXPECT_EQ(take_all(one), 3);
    EXPECT_EQ(server().ask({"FLUSHALL"}), "OK");
    EXPECT_EQ(take_all(one), 3);
    EXPECT_TRUE(one.is_shared());
}

TEST_F(redis_limits, a_server_that_becomes_a_replica_is_given_up) {
    server().start();
    redis_server master;
    master.start();
    auto& one = open();
    EXPECT_EQ(take(one).remaining, 2);
    EXPECT_EQ(server().ask({"REPLICAOF", "127.0.0.1", std::to_string(master.port())}), "OK");
    EXPECT_EQ(take_all(one), 2) << "by what it has itself let pass";
    ASSERT_TRUE(goes_down(one));
    EXPECT_EQ(server().ask({"REPLICAOF", "NO", "ONE"}), "OK");
    ASSERT_TRUE(comes_up(one));
}

TEST_F(redis_limits, a_user_with_the_rights_that_are_needed_and_no_more) {
    server().start();
    std::vector<std::string> rule{"ACL", "SETUSER", "parley", "on", ">pw", "~test:*"};
    for (auto const* const right : {"+info", "+ping", "+eval", "+evalsha", "+get", "+set", "+del", "+zadd",
                                    "+zrem", "+zcard", "+zscore", "+zrange", "+zremrangebyscore", "+pexpire"})
        rule.emplace_back(right);
    EXPECT_EQ(server().ask(rule), "OK");
    auto how = options_for(server().port());
    how.server.where.user = "parley";
    how.server.where.password = "pw";
    auto& one = open(how);
    ASSERT_TRUE(one.is_shared()) << one.problem();
    EXPECT_EQ(take_all(one), 3);
    EXPECT_TRUE(enter(one, "a", 1).is_allowed);
    EXPECT_FALSE(enter(one, "b", 1).is_allowed);
    leave(one, "a");
    EXPECT_EQ(add(one, 1), 1);
    EXPECT_EQ(seen_.alone, 0);
    for (auto const* const right : {"evalsha", "zadd", "zrem", "del", "pexpire"}) {
        EXPECT_EQ(server().ask({"ACL", "SETUSER", "parley", std::string{"-"} + right}), "OK");
        auto& other = open(how);
        EXPECT_FALSE(other.is_shared()) << right << ": is seen before it is needed";
        EXPECT_TRUE(says(other.problem(), "docs/redis.md")) << other.problem();
        EXPECT_EQ(server().ask({"ACL", "SETUSER", "parley", std::string{"+"} + right}), "OK");
    }
}

TEST_F(redis_limits, nothing_stays_for_ever_and_all_has_the_prefix) {
    server().start();
    auto& one = open();
    auto const now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    for (auto const at : {t0, now, now - 48h, now + 48h, earliest_timestamp, latest_timestamp - 800 * 24h}) {
        for (int i = 0; i < 5; ++i) {
            auto const key = "key" + std::to_string(to_unix_ms(at));
            for (rate_limit const rate : {three, rate_limit{100'000, 24h}, rate_limit{1, 366 * 24h}})
                static_cast<void>(loops_.run(one.take(key + std::to_string(rate.amount), rate, at)));
            static_cast<void>(loops_.run(one.take("one for all", three, at)));
            auto const who = std::to_string(i % 3);
            static_cast<void>(loops_.run(one.enter(key, who, 2, at + 24h, at)));
            static_cast<void>(loops_.run(one.enter(key, who, 2, at + 12h, at)));
            one.leave(key, "1");
            one.add(key, i - 2, at + 24h, at);
            static_cast<void>(loops_.run(one.sum_of(key, at)));
        }
    }
    std::istringstream names{server().ask({"SCAN", "0", "COUNT", "10000"})};
    std::string name;
    names >> name;
    ASSERT_EQ(name, "0") << "all in one answer";
    int count = 0;
    while (names >> name) {
        if (name == "one" || name == "for" || name == "all") continue;
        ++count;
        EXPECT_TRUE(name.starts_with("test:limit:")) << name;
        if (name.ends_with(":one")) name += " for all";
        auto const left = std::stoll(server().ask({"PTTL", name}));
        EXPECT_GT(left, 0) << name;
        EXPECT_LE(std::chrono::milliseconds{left}, 366 * 24h + 24h) << name;
    }
    EXPECT_GE(count, 20);
    EXPECT_EQ(seen_.alone, 0);
}

TEST_F(redis_limits, what_means_nothing_any_more_is_gone_from_redis) {
    server().start();
    auto& one = open();
    EXPECT_TRUE(loops_.run(one.take("key", {1, 100ms}, t0)).value().is_allowed);
    EXPECT_TRUE(loops_.run(one.enter("key", "who", 1, t0 + 100ms, t0)).value().is_allowed);
    one.add("key", 5, t0 + 100ms, t0);
    static_cast<void>(loops_.run(one.sum_of("key", t0)));
    EXPECT_TRUE(wait_until([&] { return server().ask({"DBSIZE"}) == "0"; })) << server().ask({"KEYS", "*"});
}

TEST_F(redis_limits, the_log_says_once_that_this_process_counts_alone) {
    server().start();
    fault_proxy proxy{server().port()};
    auto how = options_for(proxy.port());
    how.server.command_timeout = 500ms;
    how.server.connect_timeout = 100ms;
    auto& one = open(how);
    EXPECT_TRUE(comes_up(one));
    ::testing::internal::CaptureStderr();
    proxy.black_hole(true);
    EXPECT_TRUE(goes_down(one));
    auto const attempts = proxy.accepted();
    EXPECT_TRUE(wait_until([&] { return proxy.accepted() >= attempts + 5; }));
    EXPECT_EQ(take_all(one), 3);
    auto const told = ::testing::internal::GetCapturedStderr();
    EXPECT_EQ(count_of(told, "limits are counted by this process alone"), 1) << told;
    EXPECT_FALSE(says(told, "cache")) << told;
    proxy.black_hole(false);
    EXPECT_TRUE(comes_up(one));
}

TEST_F(redis_limits, a_file_of_authorities_that_can_not_be_read_is_told_at_once) {
    auto how = options_for(server().port());
    how.server.where.tls = true;
    how.server.ca_file = (server().folder() / "absent.pem").string();
    auto const made = open_redis_limiter(how, std::make_unique<memory_limiter>(), seen_);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, "cache_tls_invalid");
}

}  // namespace
}  // namespace parley::test
