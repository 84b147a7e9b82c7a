#include "common/blocking_pool.hpp"

#include "support/event_loops.hpp"
#include "support/wait_until.hpp"

#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <thread>

namespace parley::test {
namespace {

using namespace std::chrono_literals;

error named(error_kind kind, std::string code) { return {kind, std::move(code), "", {}, {}}; }

blocking_pool::settings small(std::size_t threads, std::size_t queue = 100,
                              std::chrono::milliseconds longest = 60s) {
    return {.name = "test",
            .threads = threads,
            .queue = queue,
            .longest_wait = longest,
            .full = named(error_kind::overloaded, "full"),
            .late = named(error_kind::timed_out, "late"),
            .closed = named(error_kind::unavailable, "closed")};
}

using number = result<int>;

/// Awaits the work and tells on which thread the coroutine went on.
template <class Work>
task<number> awaited(blocking_pool& pool, Work work, std::optional<std::size_t> lane,
                     std::thread::id* resumed_on) {
    auto outcome = co_await pool.run(std::move(work), lane);
    if (resumed_on != nullptr) *resumed_on = std::this_thread::get_id();
    co_return outcome;
}

template <class Work>
task<number> in(blocking_pool& pool, Work work, std::optional<std::size_t> lane = {}) {
    return awaited(pool, std::move(work), lane, nullptr);
}

task<number> thread_of(std::thread::id* out) {
    *out = std::this_thread::get_id();
    co_return 0;
}

TEST(blocking_pool, runs_work_elsewhere_and_resumes_on_the_callers_loop) {
    event_loops loops{1};
    blocking_pool pool{small(2)};
    std::thread::id loop;
    ASSERT_TRUE(loops.run(thread_of(&loop)));
    std::thread::id ran;
    std::thread::id resumed;
    auto const work = [&ran]() -> number {
        ran = std::this_thread::get_id();
        return 7;
    };
    EXPECT_EQ(loops.run(awaited(pool, work, std::nullopt, &resumed)).value_or(-1), 7);
    EXPECT_NE(ran, loop);
    EXPECT_EQ(resumed, loop);
    pool.close();
}

TEST(blocking_pool, hands_errors_over) {
    event_loops loops;
    blocking_pool pool{small(1)};
    auto const outcome = loops.run(in(pool, []() -> number { return internal_error("x"); }));
    EXPECT_EQ(outcome.error().detail, "x");
    pool.close();
}

TEST(blocking_pool, a_full_queue_refuses_and_recovers) {
    event_loops loops;
    blocking_pool pool{small(1, 1)};
    std::latch begun{1};
    std::latch release{1};
    auto const block = [&]() -> number {
        begun.count_down();
        release.wait();
        return 1;
    };
    auto const quick = []() -> number { return 2; };
    auto running = loops.start(in(pool, block));
    begun.wait();
    // Queued in a loop's own order: the second waits, the third finds no room.
    auto waiting = loops.start(in(pool, quick));
    auto refused = loops.start(in(pool, quick));
    EXPECT_EQ(refused.get().error().code, "full");
    release.count_down();
    EXPECT_EQ(running.get().value_or(-1), 1);
    EXPECT_EQ(waiting.get().value_or(-1), 2);
    EXPECT_EQ(loops.run(in(pool, quick)).value_or(-1), 2);
    pool.close();
}

TEST(blocking_pool, a_call_that_blocks_too_long_is_answered_in_time_and_its_end_is_dropped) {
    event_loops loops;
    blocking_pool pool{small(1, 100, 500ms)};
    std::latch release{1};
    std::atomic<bool> begun = false;
    std::atomic<bool> never_begun = true;
    auto stuck = loops.start(in(pool, [&]() -> number {
        begun = true;
        release.wait();
        return 1;
    }));
    EXPECT_TRUE(wait_until([&] { return begun.load(); }));
    auto behind = loops.start(in(pool, [&]() -> number {
        never_begun = false;
        return 2;
    }));
    EXPECT_EQ(stuck.get().error().code, "late");
    EXPECT_EQ(behind.get().error().code, "late");
    release.count_down();
    EXPECT_TRUE(wait_until([&] {
        return loops.run(in(pool, []() -> number { return 3; })).value_or(-1) == 3;
    })) << "as soon as the thread is free again";
    EXPECT_TRUE(never_begun);
    pool.close();
}

TEST(blocking_pool, calls_of_a_lane_run_one_after_another_and_others_pass_them) {
    event_loops loops;
    blocking_pool pool{small(4)};
    std::latch begun{1};
    std::latch release{1};
    auto first = loops.start(in(
        pool,
        [&]() -> number {
            begun.count_down();
            release.wait();
            return 1;
        },
        1));
    begun.wait();
    std::vector<int> order;  // written by one lane only
    std::vector<std::future<number>> behind;
    for (int i = 0; i < 10; ++i) {
        behind.push_back(loops.start(in(
            pool,
            [&order, i]() -> number {
                order.push_back(i);
                return i;
            },
            1)));
    }
    EXPECT_EQ(loops.run(in(pool, []() -> number { return 5; }, 2)).value_or(-1), 5);
    EXPECT_EQ(loops.run(in(pool, []() -> number { return 6; })).value_or(-1), 6);
    EXPECT_TRUE(order.empty());
    release.count_down();
    for (int i = 0; i < 10; ++i) EXPECT_EQ(behind[static_cast<std::size_t>(i)].get().value_or(-1), i);
    EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
    pool.close();
}

TEST(blocking_pool, closing_refuses_what_waits_and_waits_for_what_runs) {
    event_loops loops;
    blocking_pool pool{small(1)};
    std::latch begun{1};
    std::latch release{1};
    auto running = loops.start(in(pool, [&]() -> number {
        begun.count_down();
        release.wait();
        return 1;
    }));
    begun.wait();
    auto waiting = loops.start(in(pool, []() -> number { return 2; }));
    auto in_lane = loops.start(in(pool, []() -> number { return 3; }, 9));
    auto closing = std::async(std::launch::async, [&] { pool.close(); });
    EXPECT_EQ(waiting.get().error().code, "closed");
    EXPECT_EQ(in_lane.get().error().code, "closed");
    release.count_down();
    EXPECT_EQ(running.get().value_or(-1), 1);
    closing.get();
    EXPECT_EQ(loops.run(in(pool, []() -> number { return 4; })).error().code, "closed");
}

}  // namespace
}  // namespace parley::test
