// A route whose targets all have as many requests as they take.
#include "route_fixture.hpp"

#include <thread>

namespace parley::test {
namespace {

class a_full_route : public route_fixture {
protected:
    fake_model& a_ = add_fake("a");
    fake_model& b_ = add_fake("b");
    std::shared_ptr<route_target> one_place_ = target(a_, {.name = "a", .limit = 1});
};

TEST_F(a_full_route, replies_when_a_place_has_become_free) {
    a_.replies({is_silent(), says("a")});
    auto const only = route({one_place_});
    auto first = begin(*only);
    auto const second = begin(*only);
    EXPECT_EQ(listen(*second, 1ms).ending(), "silent");
    first.reset();
    auto const all = listen(*second);
    EXPECT_EQ(all.text, "a");
    EXPECT_EQ(all.outcomes(), "a ok");
}

TEST_F(a_full_route, is_woken_by_the_place_that_becomes_free) {
    a_.replies({is_silent(), says("a")});
    auto const only = route({one_place_});
    auto first = begin(*only);
    auto const second = begin(*only);
    // Runs behind the wait that the second one begins with.
    boost::asio::post(loop_, [&] { boost::asio::post(loop_, [&] { first.reset(); }); });
    EXPECT_EQ(listen(*second).text, "a");
}

TEST_F(a_full_route, gives_its_places_to_all_who_wait_one_after_the_other) {
    a_.replies({says("a")});
    auto const one = route({one_place_}, {.name = "one"});
    auto const other = route({one_place_}, {.name = "other"});
    std::vector<std::unique_ptr<generation>> all;
    for (int i = 0; i < 10; ++i) all.push_back(begin(i % 2 == 0 ? *one : *other));
    for (auto& each : all) {
        EXPECT_EQ(listen(*each).text, "a");
        each.reset();
    }
    EXPECT_EQ(a_.asked(), 10);
    EXPECT_EQ(one_place_->info().running, 0U);
}

TEST_F(a_full_route, waits_for_the_busy_one_after_the_others_have_failed) {
    a_.replies({is_silent(), says("a")});
    b_.replies({fails(down)});
    auto const both = route({one_place_, target(b_)});
    auto first = begin(*both);
    auto const second = begin(*both);
    EXPECT_EQ(listen(*second, 1ms).ending(), "silent");
    first.reset();
    auto const all = listen(*second);
    EXPECT_EQ(all.text, "a");
    EXPECT_EQ(all.outcomes(), "b upstream_failed, a ok");
}

TEST_F(a_full_route, ends_with_the_failure_of_the_others_when_no_place_becomes_free) {
    a_.replies({is_silent()});
    b_.replies({fails(down)});
    auto const both = route({one_place_, target(b_)}, {.longest_wait = 0ms});
    auto const first = begin(*both);
    auto const all = ask(*both);
    EXPECT_EQ(all.ending(), "upstream_failed");
    EXPECT_EQ(all.outcomes(), "a skipped, b upstream_failed");
}

TEST_F(a_full_route, does_not_wait_after_a_failure_that_is_the_request_s_own) {
    a_.replies({is_silent()});
    b_.replies({refuses(error_of(error_kind::invalid, "upstream_refused"))});
    auto const both = route({one_place_, target(b_)});
    auto const first = begin(*both);
    EXPECT_EQ(ask(*both).ending(), "upstream_refused");
}

TEST_F(a_full_route, is_stopped_by_another_thread_while_it_waits) {
    a_.replies({is_silent()});
    auto const only = route({one_place_});
    auto const first = begin(*only);
    for (int round = 0; round < 50; ++round) {
        auto const second = begin(*only);
        std::thread stopping{[&] { second->stop(); }};
        EXPECT_EQ(listen(*second).ending(), "stopped");
        stopping.join();
    }
}

TEST_F(a_full_route, passes_a_place_by_whose_target_has_broken_meanwhile) {
    auto const breaking = target(a_, {.name = "a", .limit = 1, .breaker = {.failures = 1, .open_for = 1s}});
    a_.replies({fails(down)});
    auto const only = route({breaking});
    auto first = begin(*only);
    auto const second = begin(*only);
    EXPECT_EQ(listen(*second, 1ms).ending(), "silent");
    EXPECT_EQ(listen(*first).ending(), "upstream_failed");
    first.reset();
    auto const all = listen(*second);
    EXPECT_EQ(all.ending(), "targets_unavailable");
    EXPECT_EQ(all.end->retry_after, 1s);
    EXPECT_EQ(all.outcomes(), "a skipped");
}

}  // namespace
}  // namespace parley::test
