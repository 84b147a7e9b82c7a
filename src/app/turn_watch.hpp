// Looks after the turns that other processes have left in a shared store, on a thread of its own.
// Thread safety: made and destroyed by one thread. Ownership: borrows the store and the clock.
#pragma once

#include "modules/turn/left_turns.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace parley {

class turn_watch {
public:
    turn_watch(conversation_store& store, clock const& time);
    ~turn_watch();
    turn_watch(turn_watch const&) = delete;
    turn_watch& operator=(turn_watch const&) = delete;

private:
    void work();

    left_turns turns_;
    std::mutex guard_;
    std::condition_variable wake_;
    bool closing_ = false;  // guarded
    std::thread thread_;
};

}  // namespace parley
