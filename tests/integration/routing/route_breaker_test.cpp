// Targets that are left alone, and how they come back.
#include "route_fixture.hpp"
#include "support/event_loops.hpp"

namespace parley::test {
namespace {

class a_route_with_breakers : public route_fixture {
protected:
    fake_model& a_ = add_fake("a");
    fake_model& b_ = add_fake("b");
    std::shared_ptr<route_target> first_ =
        target(a_, {.name = "a", .breaker = {.failures = 2, .open_for = 30s}});
    std::unique_ptr<language_model> both_ = route({first_, target(b_)});
};

TEST_F(a_route_with_breakers, leaves_a_failing_target_alone_and_comes_back_to_it) {
    a_.replies({fails(down), refuses(down), says("a")});
    EXPECT_EQ(ask(*both_).outcomes(), "a upstream_failed, b ok");
    EXPECT_EQ(first_->info().breaker, breaker_state::closed);
    EXPECT_EQ(ask(*both_).outcomes(), "a upstream_failed, b ok");
    EXPECT_EQ(first_->info().breaker, breaker_state::open);
    auto const skipped = ask(*both_);
    EXPECT_EQ(skipped.outcomes(), "a skipped, b ok");
    EXPECT_EQ(skipped.end->attempts.front().message, "\"a\" has failed and is left alone for another 30 s.");
    EXPECT_EQ(a_.asked(), 2);
    time_.advance(30s);
    EXPECT_EQ(ask(*both_).outcomes(), "a ok");
    EXPECT_EQ(first_->info().breaker, breaker_state::closed);
    using told = std::vector<std::pair<std::string, double>>;
    EXPECT_EQ(seen_.breakers(), (told{{"a", 0}, {"b", 0}, {"a", 1}, {"a", 0.5}, {"a", 0}}));
}

TEST_F(a_route_with_breakers, does_not_hold_bad_requests_against_a_target) {
    a_.replies({fails(refused)});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(*both_).outcomes(), "a upstream_refused");
    EXPECT_EQ(first_->info().breaker, breaker_state::closed);
}

TEST_F(a_route_with_breakers, does_not_hold_its_own_limit_of_connections_against_a_target) {
    a_.replies({fails(error_of(error_kind::overloaded, "upstream_busy"))});
    for (int i = 0; i < 5; ++i) EXPECT_EQ(ask(*both_).outcomes(), "a upstream_busy, b ok");
    EXPECT_EQ(first_->info().breaker, breaker_state::closed);
}

TEST_F(a_route_with_breakers, begins_to_count_anew_at_a_first_token) {
    a_.replies({fails(down), breaks_off("a", down), fails(down), says("a")});
    for (int i = 0; i < 4; ++i) ask(*both_);
    EXPECT_EQ(first_->info().breaker, breaker_state::closed);
    EXPECT_EQ(a_.asked(), 4);
}

TEST_F(a_route_with_breakers, lets_one_probe_through_while_it_is_half_open) {
    a_.replies({fails(down), fails(down), is_silent()});
    for (int i = 0; i < 2; ++i) ask(*both_);
    time_.advance(30s);
    auto const probe = begin(*both_);
    EXPECT_EQ(first_->info().breaker, breaker_state::half_open);
    auto const beside = ask(*both_);
    EXPECT_EQ(beside.outcomes(), "a skipped, b ok");
    EXPECT_EQ(beside.end->attempts.front().message,
              "\"a\" has failed and is being tried by another request.");
    EXPECT_EQ(a_.asked(), 3);
}

TEST_F(a_route_with_breakers, gives_the_place_of_a_probe_that_is_stopped_to_the_next_one) {
    a_.replies({fails(down), fails(down), is_silent(), says("a")});
    for (int i = 0; i < 2; ++i) ask(*both_);
    time_.advance(30s);
    auto probe = begin(*both_);
    probe->stop();
    EXPECT_EQ(listen(*probe).outcomes(), "a stopped");
    EXPECT_EQ(ask(*both_).outcomes(), "a ok");
    EXPECT_EQ(first_->info().breaker, breaker_state::closed);
}

TEST_F(a_route_with_breakers, gives_the_place_of_a_probe_that_is_destroyed_to_the_next_one) {
    a_.replies({fails(down), fails(down), is_silent(), fails(down)});
    for (int i = 0; i < 2; ++i) ask(*both_);
    time_.advance(30s);
    begin(*both_).reset();
    EXPECT_EQ(ask(*both_).outcomes(), "a upstream_failed, b ok");
    EXPECT_EQ(first_->info().breaker, breaker_state::open);
    time_.advance(29s);
    EXPECT_EQ(ask(*both_).outcomes(), "a skipped, b ok");
}

TEST_F(a_route_with_breakers, says_until_when_nobody_can_be_asked) {
    a_.replies({fails(down)});
    b_.replies({fails(down)});
    auto const second = target(b_, {.name = "b", .breaker = {.failures = 1, .open_for = 10s}});
    auto const only = route({first_, second});
    ask(*only);
    ask(*only);
    time_.advance(2s);
    auto const all = ask(*only);
    EXPECT_EQ(all.outcomes(), "a skipped, b skipped");
    ASSERT_TRUE(all.end && all.end->failure);
    EXPECT_EQ(all.end->failure->kind, error_kind::unavailable);
    EXPECT_EQ(all.end->failure->code, "targets_unavailable");
    EXPECT_EQ(
        all.end->failure->message,
        "None of the targets of the model \"route\" can be asked now. \"b\" has failed and is left alone "
        "for another 8 s.");
    EXPECT_EQ(all.end->retry_after, 8s);
}

class a_route_with_limits_of_rate : public a_route_with_breakers {
protected:
    void limit(std::optional<std::chrono::milliseconds> retry_after) {
        auto end = failed_end(error_of(error_kind::rate_limited, "upstream_rate_limited"));
        end.retry_after = retry_after;
        a_.replies({{.steps = {end}}, says("a")});
        EXPECT_EQ(ask(*both_).outcomes(), "a upstream_rate_limited, b ok");
    }
};

TEST_F(a_route_with_limits_of_rate, keeps_to_what_the_server_asked_for) {
    limit(7s);
    time_.advance(6'999ms);
    EXPECT_EQ(ask(*both_).outcomes(), "a skipped, b ok");
    time_.advance(1ms);
    EXPECT_EQ(ask(*both_).outcomes(), "a ok");
    EXPECT_EQ(first_->info().breaker, breaker_state::closed);
}

TEST_F(a_route_with_limits_of_rate, keeps_to_ten_minutes_at_most) {
    limit(24h);
    time_.advance(10min - 1ms);
    EXPECT_EQ(ask(*both_).outcomes(), "a skipped, b ok");
    time_.advance(1ms);
    EXPECT_EQ(ask(*both_).outcomes(), "a ok");
}

TEST_F(a_route_with_limits_of_rate, are_failures_like_others_without_a_time) {
    limit(std::nullopt);
    EXPECT_EQ(first_->info().breaker, breaker_state::closed);
    limit(std::nullopt);
    EXPECT_EQ(first_->info().breaker, breaker_state::open);
    time_.advance(30s);
    EXPECT_EQ(ask(*both_).outcomes(), "a ok");
}

task<int> enter_often(std::shared_ptr<route_target> target, std::shared_ptr<std::atomic<int>> inside,
                      std::shared_ptr<std::atomic<int>> most) {
    int entered = 0;
    for (int i = 0; i < 2'000; ++i) {
        auto place = target->enter();
        if (!place) continue;
        ++entered;
        auto const now = ++*inside;
        for (auto seen = most->load(); seen < now && !most->compare_exchange_weak(seen, now);) {
        }
        --*inside;
    }
    co_return entered;
}

TEST(a_target_of_many_threads, lets_one_probe_through_at_a_time) {
    manual_time time;
    seen_metrics seen;
    fake_model model{"a", time};
    auto const shared = std::make_shared<route_target>(
        model, target_options{.name = "a", .breaker = {.failures = 1, .open_for = 1s}}, seen, time.source());
    shared->enter()->failed(down);
    time.advance(1s);
    auto const inside = std::make_shared<std::atomic<int>>(0);
    auto const most = std::make_shared<std::atomic<int>>(0);
    event_loops loops{4};
    std::vector<task<int>> works;
    for (int i = 0; i < 4; ++i) works.push_back(enter_often(shared, inside, most));
    int entered = 0;
    for (auto const count : loops.run_all(std::move(works))) entered += count;
    EXPECT_GT(entered, 0);
    EXPECT_EQ(*most, 1);
    EXPECT_EQ(shared->info().running, 0U);
    shared->enter()->succeeded();
    EXPECT_EQ(shared->info().breaker, breaker_state::closed);
}

}  // namespace
}  // namespace parley::test
