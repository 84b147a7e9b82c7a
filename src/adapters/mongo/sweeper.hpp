// Finishes deletions that were cut short and forgets old ones, now and then, on a thread of its own.
// Thread safety: made and destroyed by one thread. Ownership: borrows the driver.
#pragma once

#include "adapters/mongo/driver.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace parley::mongo {

class sweeper {
public:
    sweeper(driver& through, std::chrono::milliseconds every, std::chrono::milliseconds keep);
    ~sweeper();
    sweeper(sweeper const&) = delete;
    sweeper& operator=(sweeper const&) = delete;

private:
    void work(driver& through, std::chrono::milliseconds every, std::chrono::milliseconds keep);

    std::mutex guard_;
    std::condition_variable wake_;
    bool closing_ = false;  // guarded
    std::thread thread_;
};

}  // namespace parley::mongo
