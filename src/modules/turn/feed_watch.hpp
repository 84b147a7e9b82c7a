// Waits for the live text of a reply that waits for its turn. The feed is in this process' memory and may be
// looked at often, the store less so: whoever follows looks there when this returns.
#pragma once

#include "common/wakeup.hpp"
#include "services/reply_feed.hpp"

#include <chrono>

namespace parley {

/// Returns when the reply has a feed, when `sleeper` is notified, or after `longest`.
[[nodiscard]] inline task<void> wait_for_feed(reply_feed& feed, message_id reply, wakeup& sleeper,
                                              boost::asio::any_io_executor executor,
                                              std::chrono::milliseconds longest) {
    constexpr std::chrono::milliseconds one_look{10};
    auto const until = std::chrono::steady_clock::now() + longest;
    while (std::chrono::steady_clock::now() < until) {
        if (co_await sleeper.wait(one_look)) co_return;
        if (feed.follow(reply, 0, executor)) co_return;
    }
}

}  // namespace parley
