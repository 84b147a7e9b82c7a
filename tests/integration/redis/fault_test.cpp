// Redis fails in every way there is: the answers stay right, they stay fast, and it is taken up again.
#include "integration/redis/redis_fixture.hpp"

namespace parley::test {
namespace {

using steady = std::chrono::steady_clock;

/// Far below what the timeout of a command would cost, far above what passing by costs, on a busy machine
/// too.
constexpr auto without_waiting = 1'500ms;

class redis_faults : public redis_test {
protected:
    redis_faults() { server().start(); }

    /// What one call costs when nothing is waited for.
    template <class Work>
    static std::chrono::milliseconds cost_of(Work const& work) {
        auto const begun = steady::now();
        work();
        return std::chrono::ceil<std::chrono::milliseconds>(steady::now() - begun);
    }
};

TEST_F(redis_faults, killed_and_started_again) {
    auto& kept = open();
    keep(kept, "one");
    server().stop();
    ASSERT_TRUE(goes_down(kept));
    EXPECT_TRUE(wait_until([&] { return !seen_.usable; }));
    EXPECT_NE(kept.problem(), "");
    EXPECT_LT(cost_of([&] { EXPECT_TRUE(is_bypassed(kept)); }), without_waiting);
    EXPECT_LT(cost_of([&] { invalidate(kept); }), without_waiting);
    EXPECT_EQ(seen_.lost, 1);
    server().start();
    ASSERT_TRUE(comes_up(kept));
    EXPECT_TRUE(wait_until([&] { return seen_.usable.load(); }));
    EXPECT_EQ(kept.problem(), "");
    EXPECT_TRUE(is_bypassed(kept)) << "its invalidation did not arrive";
    keep(kept, "two", "another");
}

TEST_F(redis_faults, stopped_costs_one_timeout_and_then_nothing) {
    auto how = options();
    how.ttl = 2 * command_limit;
    how.server.idle_check = 1h;  // the first call is the one that notices
    auto& kept = open(how);
    keep(kept, "old");
    server().freeze();
    EXPECT_LT(cost_of([&] { EXPECT_TRUE(is_bypassed(kept)); }), command_limit + without_waiting);
    EXPECT_FALSE(is_up(kept));
    for (int i = 0; i < 100; ++i)
        EXPECT_LT(cost_of([&] { EXPECT_TRUE(is_bypassed(kept)); }), without_waiting);
    invalidate(kept);
    server().thaw();
    ASSERT_TRUE(comes_up(kept));
    EXPECT_NE(bytes(kept), "old") << "it is still in there, and must not be told";
    EXPECT_TRUE(wait_until([&] { return !is_bypassed(kept); }))
        << "when it has died of age it is asked again";
    EXPECT_NE(bytes(kept), "old");
}

TEST_F(redis_faults, a_silent_connection_is_noticed_before_anybody_asks) {
    auto& kept = open();
    server().freeze();
    ASSERT_TRUE(goes_down(kept));
    server().thaw();
    ASSERT_TRUE(comes_up(kept));
}

TEST_F(redis_faults, many_calls_under_way_all_end_with_the_timeout) {
    auto& kept = open();
    server().freeze();
    std::vector<task<cache_answer>> asking;
    for (int i = 0; i < 500; ++i) asking.push_back(kept.lookup("key" + std::to_string(i)));
    EXPECT_LT(cost_of([&] {
                  for (auto const& answer : loops_.run_all(std::move(asking)))
                      EXPECT_TRUE(std::get<cache_miss>(answer).bypassed);
              }),
              command_limit + 5 * without_waiting);
    server().thaw();
    ASSERT_TRUE(comes_up(kept));
}

TEST_F(redis_faults, flushed) {
    auto& kept = open();
    keep(kept, "one");
    auto const early = token(kept, "leased");
    EXPECT_EQ(server().ask({"FLUSHALL"}), "OK");
    EXPECT_EQ(bytes(kept), std::nullopt);
    kept.fill("leased", early, "old");
    EXPECT_EQ(bytes(kept, "leased"), std::nullopt);
    EXPECT_TRUE(is_up(kept));
    keep(kept, "two", "new");
}

TEST_F(redis_faults, started_again_from_an_old_snapshot) {
    auto how = options();
    how.ttl = 1h;
    auto& kept = open(how);
    auto& other = open(how);
    keep(kept, "old");
    EXPECT_EQ(server().ask({"SAVE"}), "OK");
    auto const before = server().ask({"KEYS", "*:key"});
    EXPECT_NE(before, "");
    invalidate(kept);
    server().stop();
    ASSERT_TRUE(goes_down(kept));
    ASSERT_TRUE(goes_down(other));
    server().start();
    EXPECT_EQ(server().ask({"KEYS", "*:key"}), before) << "the old entry is back";
    ASSERT_TRUE(comes_up(kept));
    ASSERT_TRUE(comes_up(other));
    EXPECT_NE(bytes(kept), "old");
    EXPECT_NE(bytes(other), "old");
    keep(kept, "new", "another");
    EXPECT_EQ(bytes(other, "another"), "new");
}

TEST_F(redis_faults, slower_than_the_timeout_counts_as_down) {
    fault_proxy proxy{server().port()};
    auto how = options_for(proxy.port());
    how.server.command_timeout = 2s;
    how.server.connect_timeout = 2s;
    auto& kept = open(how);
    ASSERT_TRUE(is_up(kept));
    proxy.delay(3s);
    ASSERT_TRUE(goes_down(kept));
    auto const attempts = proxy.accepted();
    ASSERT_TRUE(wait_until([&] { return proxy.accepted() >= attempts + 3; }));
    EXPECT_FALSE(is_up(kept)) << "connecting is not enough, it must be fast enough";
    EXPECT_LT(cost_of([&] { EXPECT_TRUE(is_bypassed(kept)); }), without_waiting);
    proxy.delay(0ms);
    ASSERT_TRUE(comes_up(kept));
    keep(kept, "one");
}

TEST_F(redis_faults, black_holed_and_back) {
    fault_proxy proxy{server().port()};
    auto how = options_for(proxy.port());
    how.ttl = 1h;
    auto& kept = open(how);
    how.server.where.nodes = {server().endpoint()};
    auto& other = open(how);
    keep(kept, "old");
    proxy.black_hole(true);
    invalidate(kept);
    EXPECT_EQ(seen_.lost, 1);
    EXPECT_EQ(bytes(other), "old") << "so long as it lives: the promise to others is the time to live";
    EXPECT_TRUE(is_bypassed(kept));
    proxy.black_hole(false);
    ASSERT_TRUE(comes_up(kept));
    EXPECT_NE(bytes(kept), "old") << "the one who wrote must never see it again";
}

TEST_F(redis_faults, a_lost_invalidation_is_seen_by_others_within_the_time_to_live) {
    fault_proxy proxy{server().port()};
    auto how = options_for(proxy.port());
    how.ttl = 5s;
    auto& kept = open(how);
    how.server.where.nodes = {server().endpoint()};
    auto& other = open(how);
    keep(kept, "old");
    auto const kept_since = steady::now();
    proxy.black_hole(true);
    invalidate(kept);
    ASSERT_TRUE(wait_until([&] { return bytes(other) != "old"; }));
    EXPECT_LT(steady::now() - kept_since, how.ttl + command_limit + without_waiting);
}

TEST_F(redis_faults, cut_in_the_middle_of_a_reply) {
    fault_proxy proxy{server().port()};
    auto how = options_for(proxy.port());
    how.ttl = 1h;
    auto& kept = open(how);
    keep(kept, std::string(1000, 'x'));
    for (std::int64_t const after : {1, 5, 500, 1007}) {
        ASSERT_TRUE(wait_until([&] {
            proxy.cut_after(after);  // again, when a look whether the connection is alive was cut
            return is_bypassed(kept);
        })) << after;
        ASSERT_TRUE(wait_until([&] { return bytes(kept) == std::string(1000, 'x'); })) << after;
    }
}

TEST_F(redis_faults, replies_that_come_byte_by_byte) {
    fault_proxy proxy{server().port()};
    proxy.one_by_one(true);
    auto how = options_for(proxy.port());
    how.server.command_timeout = 5s;
    auto& kept = open(how);
    ASSERT_TRUE(is_up(kept)) << kept.problem();
    keep(kept, std::string(3000, 'x'));
}

TEST_F(redis_faults, too_many_lost_invalidations_pass_the_whole_cache_by) {
    auto how = options();
    how.most_doubtful = 3;
    how.ttl = 2s;
    auto& kept = open(how);
    server().stop();
    ASSERT_TRUE(goes_down(kept));
    for (int i = 0; i < 4; ++i) invalidate(kept, "key" + std::to_string(i));
    server().start();
    ASSERT_TRUE(comes_up(kept));
    EXPECT_TRUE(wait_until([&] { return !is_bypassed(kept, "never seen"); }));
    keep(kept, "one", "another");
}

TEST_F(redis_faults, absent_at_the_start) {
    server().stop();
    auto const begun = steady::now();
    auto& kept = open();
    EXPECT_FALSE(is_up(kept));
    EXPECT_NE(kept.problem().find("127.0.0.1:" + std::to_string(server().port())), std::string::npos);
    EXPECT_TRUE(is_bypassed(kept));
    server().start();
    ASSERT_TRUE(comes_up(kept));
    keep(kept, "one");
    EXPECT_LE(seen_.refused, 2 + (steady::now() - begun) / 25ms) << "it rests between its attempts";
}

TEST_F(redis_faults, closing_while_it_connects_hangs_nowhere) {
    fault_proxy proxy{server().port()};
    proxy.black_hole(true);
    for (int i = 0; i < 20; ++i) {
        auto made = open_redis_cache(options_for(proxy.port()), seen_);
        ASSERT_TRUE(made);
        auto const now = i % 2 == 0 ? proxy.accepted() : 0;
        ASSERT_TRUE(wait_until([&] { return proxy.accepted() >= now; }));
        EXPECT_LT(cost_of([&] { (*made)->close(); }), without_waiting);
    }
}

}  // namespace
}  // namespace parley::test
