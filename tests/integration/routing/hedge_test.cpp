// Two targets beside each other, and stops from other threads.
#include "route_fixture.hpp"
#include "support/event_loops.hpp"

#include <thread>

namespace parley::test {
namespace {

class a_hedged_route : public route_fixture {
protected:
    std::unique_ptr<language_model> hedged(std::vector<std::shared_ptr<route_target>> targets) {
        return route(std::move(targets), {.hedge_after = 5ms});
    }
    fake_model& a_ = add_fake("a");
    fake_model& b_ = add_fake("b");
    fake_model& c_ = add_fake("c");
};

TEST_F(a_hedged_route, asks_nobody_else_when_the_first_is_fast_enough) {
    a_.replies({{.steps = {takes{4ms}, generation_delta{"a"}, takes{1h}, generation_delta{"!"}}}});
    auto const both = hedged({target(a_), target(b_)});
    auto const all = ask(*both);
    EXPECT_EQ(all.text, "a!");
    EXPECT_EQ(all.outcomes(), "a ok");
    EXPECT_EQ(b_.asked(), 0);
}

TEST_F(a_hedged_route, keeps_the_one_that_gives_a_token_first_and_stops_the_other) {
    a_.replies({is_silent()});
    b_.replies({{.steps = {generation_delta{"b"}, generation_delta{"b"}}}});
    auto const first = target(a_);
    auto const both = hedged({first, target(b_)});
    auto const all = ask(*both);
    EXPECT_EQ(all.text, "bb");
    ASSERT_TRUE(all.end);
    EXPECT_EQ(all.end->attempts,
              (std::vector<attempt>{{.target = "a", .outcome = "cancelled", .duration_ms = 5},
                                    {.target = "b", .outcome = "ok"}}));
    settle();
    EXPECT_EQ(*a_.alive(), 0);
    EXPECT_EQ(first->info().running, 0U);
    EXPECT_EQ(seen_.failovers(), std::vector<std::string>{});
}

TEST_F(a_hedged_route, keeps_the_first_when_that_one_is_faster_after_all) {
    a_.replies({{.steps = {takes{6ms}, generation_delta{"a"}}}});
    b_.replies({is_silent()});
    auto const both = hedged({target(a_), target(b_)});
    auto const all = ask(*both);
    EXPECT_EQ(all.text, "a");
    EXPECT_EQ(all.outcomes(), "a ok, b cancelled");
    settle();
    EXPECT_EQ(*b_.alive(), 0);
}

TEST_F(a_hedged_route, goes_on_with_one_when_the_other_fails_and_asks_a_third_in_time) {
    a_.replies({is_silent()});
    b_.replies({fails(down)});
    auto const all_three = hedged({target(a_), target(b_), target(c_)});
    auto const all = ask(*all_three);
    EXPECT_EQ(all.text, "c");
    EXPECT_EQ(all.outcomes(), "a cancelled, b upstream_failed, c ok");
    EXPECT_EQ(seen_.failovers(), std::vector<std::string>{"route b upstream_failed"});
}

TEST_F(a_hedged_route, ends_with_a_failure_that_stands_when_the_slow_one_fails_too) {
    a_.replies({{.steps = {takes{6ms}, failed_end(down)}}});
    b_.replies({refuses(error_of(error_kind::invalid, "upstream_refused"))});
    auto const all_three = hedged({target(a_), target(b_), target(c_)});
    auto const all = ask(*all_three);
    EXPECT_EQ(all.ending(), "upstream_refused");
    EXPECT_EQ(all.outcomes(), "a upstream_failed, b upstream_refused");
    EXPECT_EQ(c_.asked(), 0);
}

TEST_F(a_hedged_route, passes_on_how_far_the_first_is_loaded_while_another_is_asked) {
    a_.replies({{.steps = {takes{6ms}, generation_loading{"a", 0.5}, generation_delta{"a"}}}});
    b_.replies({is_silent()});
    auto const both = hedged({target(a_), target(b_)});
    auto const running = begin(*both);
    auto const event = testing::run(loop_, running->next(1h));
    auto const* loading = std::get_if<generation_loading>(&event);
    ASSERT_TRUE(loading);
    EXPECT_EQ(loading->share, 0.5);
    EXPECT_EQ(listen(*running).outcomes(), "a ok, b cancelled");
}

TEST_F(a_hedged_route, never_asks_more_than_two_at_once) {
    a_.replies({is_silent()});
    b_.replies({is_silent()});
    auto const all_three = hedged({target(a_), target(b_), target(c_)});
    auto const running = begin(*all_three);
    EXPECT_EQ(listen(*running, 12ms).ending(), "silent");
    EXPECT_EQ(a_.asked() + b_.asked(), 2);
    EXPECT_EQ(c_.asked(), 0);
}

TEST_F(a_hedged_route, frees_the_probe_of_the_one_that_was_slower) {
    a_.replies({fails(down), is_silent(), says("a")});
    auto const first = target(a_, {.name = "a", .breaker = {.failures = 1, .open_for = 1s}});
    auto const both = hedged({first, target(b_)});
    ask(*both);
    time_.advance(1s);
    EXPECT_EQ(ask(*both).outcomes(), "a cancelled, b ok");
    settle();
    EXPECT_EQ(ask(*both).outcomes(), "a ok");
}

TEST_F(a_hedged_route, ends_all_its_work_when_it_is_destroyed) {
    a_.replies({is_silent()});
    b_.replies({is_silent()});
    auto const first = target(a_);
    auto const second = target(b_);
    auto const both = hedged({first, second});
    auto running = begin(*both);
    EXPECT_EQ(listen(*running, 12ms).ending(), "silent");
    EXPECT_EQ(first->info().running + second->info().running, 2U);
    running.reset();
    settle();
    EXPECT_EQ(*a_.alive() + *b_.alive(), 0);
    EXPECT_EQ(first->info().running + second->info().running, 0U);
}

TEST_F(a_hedged_route, is_stopped_by_another_thread_at_any_moment) {
    for (int round = 0; round < 200; ++round) {
        a_.replies({round % 2 == 0 ? is_silent() : fails(down)});
        b_.replies({round % 3 == 0 ? fails(down) : is_silent()});
        c_.replies({is_silent()});
        auto const all_three = hedged({target(a_), target(b_), target(c_)});
        auto const running = begin(*all_three);
        std::thread stopping{[&] { running->stop(); }};
        heard all;
        for (int i = 0; i < 1'000 && !all.end; ++i) all = listen(*running, 5ms);
        stopping.join();
        ASSERT_EQ(all.ending(), "stopped") << all.outcomes();
    }
}

task<int> hear_many(language_model& model, int count, boost::asio::any_io_executor executor) {
    int complete = 0;
    for (int i = 0; i < count; ++i) {
        generation_request request;
        request.prompt = {{"user", "Hello"}};
        auto running = model.start(std::move(request), executor);
        if (!running) continue;
        auto const all = co_await hear(**running, 1h);
        if (all.ending() == "complete") ++complete;
    }
    co_return complete;
}

TEST(a_route_of_many_threads, gives_everybody_a_reply) {
    manual_time const time;
    seen_metrics seen;
    fake_model a{"a", time};
    fake_model b{"b", time};
    std::vector<fake_reply> mixed;
    for (int i = 0; i < 400; ++i)
        mixed.push_back(i % 3 == 0 ? fails(down) : i % 3 == 1 ? is_silent() : says("a"));
    a.replies(mixed);
    auto const first = std::make_shared<route_target>(
        a, target_options{.name = "a", .limit = 3, .breaker = {.failures = 0}}, seen, time.source());
    auto const second = std::make_shared<route_target>(b, target_options{.name = "b"}, seen, time.source());
    auto const model =
        make_routed_model({.name = "route", .hedge_after = 1ms, .now = time.source()}, {first, second}, seen);
    {
        event_loops loops{4};
        std::vector<task<int>> works;
        for (std::size_t i = 0; i < 4; ++i) works.push_back(hear_many(*model, 100, loops.executor(i)));
        for (auto const complete : loops.run_all(std::move(works))) EXPECT_EQ(complete, 100);
    }
    EXPECT_EQ(model->info().running, 0U);
    EXPECT_EQ(first->info().running + second->info().running, 0U);
}

}  // namespace
}  // namespace parley::test
