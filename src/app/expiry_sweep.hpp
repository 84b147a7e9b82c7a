// Deletes the interactions that have expired and what deleted users have left, now and then, on a thread of
// its own.
// Thread safety: made and destroyed by one thread. Ownership: borrows all it is given.
#pragma once

#include "services/clock.hpp"
#include "services/conversation_store.hpp"
#include "services/identity_store.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace parley {

class expiry_sweep {
public:
    expiry_sweep(conversation_store& store, identity_store& users, clock const& time);
    ~expiry_sweep();
    expiry_sweep(expiry_sweep const&) = delete;
    expiry_sweep& operator=(expiry_sweep const&) = delete;

private:
    void work();
    /// One batch. Whether there may be more.
    [[nodiscard]] bool sweep();
    void purge();

    conversation_store& store_;
    identity_store& users_;
    clock const& time_;
    std::mutex guard_;
    std::condition_variable wake_;
    bool closing_ = false;  // guarded
    std::thread thread_;
};

}  // namespace parley
