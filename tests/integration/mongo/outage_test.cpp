// A database that does not answer, and one that is killed: bounded waits, and recovery without a restart.
#include "mongo_fixture.hpp"

#include <chrono>

namespace parley::test {
namespace {

/// The deadline of a call, and what a busy machine may add to it: still far below any of the driver's own.
constexpr auto deadline = 1'500ms;
constexpr auto in_time = deadline + 4'500ms;

class outage : public mongo_fixture {
protected:
    using fault = wire_proxy::fault;
    using steady = std::chrono::steady_clock;

    void expect_back(mongo_store& store) {
        auto const until = steady::now() + 30s;
        while (!await(store.ping())) ASSERT_LT(steady::now(), until);
    }
};

TEST_F(outage, a_black_hole_is_told_within_the_deadline) {
    // The driver gives up long before that, also on a busy machine: then the reason is known.
    auto const long_enough = 4s;
    auto const store = open(proxy_.uri(), {.longest_wait = long_enough, .select = 300ms, .answer = 500ms});
    auto const in = create(*store);
    proxy_.break_at(fault::black_hole);
    auto quickest = steady::duration::max();
    for (int i = 0; i < 3; ++i) {
        auto const begun = steady::now();
        auto const read = await(store->get_interaction(in.user_id, in.interaction_id));
        quickest = std::min(quickest, steady::now() - begun);
        EXPECT_EQ(code_of(read), "store_unavailable");
        EXPECT_EQ(read.error().kind, error_kind::unavailable);
    }
    EXPECT_LT(quickest, 2'500ms);
    EXPECT_EQ(code_of(await(store->ping())), "store_unavailable");
    proxy_.heal();
    expect_back(*store);
    EXPECT_EQ(code_of(await(store->get_interaction(in.user_id, in.interaction_id))), "ok");
}

TEST_F(outage, many_callers_are_answered_in_time_too) {
    auto const store =
        open(proxy_.uri(), {.longest_wait = deadline, .select = 300ms, .answer = 500ms, .queue = 30});
    auto const in = create(*store);
    proxy_.break_at(fault::black_hole);
    std::vector<task<result<interaction>>> asking;
    for (int i = 0; i < 60; ++i) asking.push_back(store->get_interaction(in.user_id, in.interaction_id));
    auto const begun = steady::now();
    for (auto const& one : loops_.run_all(std::move(asking))) {
        ASSERT_FALSE(one.has_value());
        auto const& code = one.error().code;
        EXPECT_TRUE(code == "store_unavailable" || code == "store_timeout" || code == "store_busy") << code;
    }
    EXPECT_LT(steady::now() - begun, in_time);
    proxy_.heal();
    expect_back(*store);
}

TEST(killed_database, loses_nothing_that_was_acknowledged) {
    if (has_real_mongo())
        GTEST_SKIP() << "it kills the database, and PARLEY_TEST_MONGODB_URI names one of others";
    temporary_folder folder;
    mongo_server server{folder.path() / "data.h2"};
    no_metrics seen;
    store_config settings;
    settings.uri = server.uri();
    settings.pool_size = 4;
    auto opened = open_mongo_store(settings, seen);
    ASSERT_TRUE(opened.has_value());
    auto& store = **opened;
    event_loops loops;
    auto const in = *make_interaction(user_id::make(), {}, at(0));
    ASSERT_TRUE(loops.run(store.create_interaction(in)));
    std::vector<message_id> acknowledged;
    for (int round = 0; round < 3; ++round) {
        std::vector<std::future<result<message>>> writing;
        for (std::size_t i = 0; i < 100; ++i) {
            writing.push_back(
                loops.start(store.append_message(in.user_id, in.interaction_id, message_id::make(),
                                                 {message_role::user, "x", {}}, at(1)),
                            i));
        }
        for (std::size_t i = 0; i < writing.size(); ++i) {
            auto const outcome = writing[i].get();
            if (outcome) acknowledged.push_back(outcome->message_id);
            if (i == 30) server.kill();
        }
        server.restart();
        auto const until = std::chrono::steady_clock::now() + 30s;
        while (!loops.run(store.ping())) ASSERT_LT(std::chrono::steady_clock::now(), until);
        auto const last = loops.run(store.append_message(in.user_id, in.interaction_id, message_id::make(),
                                                         {message_role::user, "and on", {}}, at(2)));
        ASSERT_TRUE(last.has_value()) << last.error().detail;
        acknowledged.push_back(last->message_id);
        for (auto const& id : acknowledged) {
            EXPECT_TRUE(loops.run(store.get_message(in.user_id, in.interaction_id, id)).has_value());
        }
        EXPECT_EQ(loops.run(store.get_interaction(in.user_id, in.interaction_id))->message_count, last->seq);
    }
}

}  // namespace
}  // namespace parley::test
