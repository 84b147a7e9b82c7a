#include "common/wakeup.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace parley {
namespace {

using namespace std::chrono_literals;

task<void> wait_once(wakeup& bell, std::chrono::milliseconds longest, bool& woken) {
    woken = co_await bell.wait(longest);
}

TEST(wakeup, keeps_a_notification_that_came_before) {
    boost::asio::io_context loop{1};
    wakeup bell{loop.get_executor()};
    bell.notify();
    bool woken = false;
    boost::asio::co_spawn(loop, wait_once(bell, 1h, woken), boost::asio::detached);
    loop.run();
    EXPECT_TRUE(woken);
}

TEST(wakeup, gives_up_after_the_longest_wait) {
    boost::asio::io_context loop{1};
    wakeup bell{loop.get_executor()};
    bool woken = true;
    boost::asio::co_spawn(loop, wait_once(bell, 1ms, woken), boost::asio::detached);
    loop.run();
    EXPECT_FALSE(woken);
}

task<void> count_to(wakeup& bell, std::atomic<int>& produced, int goal) {
    while (produced.load() < goal) static_cast<void>(co_await bell.wait(1h));
}

TEST(wakeup, loses_nothing_that_another_thread_says) {
    constexpr int goal = 20'000;
    boost::asio::io_context loop{1};
    wakeup bell{loop.get_executor()};
    std::atomic<int> produced = 0;
    boost::asio::co_spawn(loop, count_to(bell, produced, goal), boost::asio::detached);
    std::jthread const producer{[&] {
        for (int i = 0; i < goal; ++i) {
            ++produced;
            bell.notify();
        }
    }};
    loop.run();  // would wait for an hour if the last notification were lost
    EXPECT_EQ(produced.load(), goal);
}

}  // namespace
}  // namespace parley
