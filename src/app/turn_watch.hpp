// Looks after what belongs to nobody's request: turns in the store that nobody writes, replies that wait and
// whose turn has come, keys of requests that are old. Has an event loop of its own, on a thread of its own.
// Thread safety: made and destroyed by one thread. Ownership: borrows all it is given.
#pragma once

#include "modules/limits/place_keeper.hpp"
#include "modules/requests/request_keys.hpp"
#include "modules/turn/left_turns.hpp"
#include "modules/turn/turn_service.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <thread>

namespace parley {

class turn_watch {
public:
    turn_watch(conversation_store& store, turn_service& turns, request_keys& requests, user_feed& news,
               usage_guard& limits, clock const& time);
    ~turn_watch() { stop(); }
    turn_watch(turn_watch const&) = delete;
    turn_watch& operator=(turn_watch const&) = delete;

    /// Ends its thread; turns that still run on its loop are cut off, so they should be drained before. What
    /// it has asked of the store is answered into its loop all the same: close the store before it goes.
    void stop();

private:
    using steady = std::chrono::steady_clock;

    task<void> work();
    task<void> look();

    turn_service& turns_;
    request_keys& requests_;
    left_turns left_;
    place_keeper places_;
    steady::time_point kept_ = steady::now();
    steady::time_point swept_{};
    boost::asio::io_context loop_{1};
    std::thread thread_;
};

}  // namespace parley
