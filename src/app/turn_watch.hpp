// Looks after the turns in the store that nobody writes, on a thread of its own.
// Thread safety: made and destroyed by one thread. Ownership: borrows all it is given.
#pragma once

#include "modules/turn/left_turns.hpp"
#include "modules/turn/turn_service.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace parley {

class turn_watch {
public:
    turn_watch(conversation_store& store, turn_service& turns, clock const& time);
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
