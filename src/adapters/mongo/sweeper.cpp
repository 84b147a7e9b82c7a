#include "adapters/mongo/sweeper.hpp"

#include "adapters/mongo/intentions.hpp"
#include "common/log.hpp"

#include <pthread.h>

namespace parley::mongo {

sweeper::sweeper(driver& through, std::chrono::milliseconds every, std::chrono::milliseconds keep)
    : thread_([this, &through, every, keep] { work(through, every, keep); }) {
    pthread_setname_np(thread_.native_handle(), "store-sweeper");
}

sweeper::~sweeper() {
    {
        std::lock_guard const lock{guard_};
        closing_ = true;
        wake_.notify_one();
    }
    thread_.join();
}

void sweeper::work(driver& through, std::chrono::milliseconds every, std::chrono::milliseconds keep) {
    std::unique_lock lock{guard_};
    while (!wake_.wait_for(lock, every, [this] { return closing_; })) {
        lock.unlock();
        auto const now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
        auto db = through.borrow();
        auto const swept = sweep_deleted{now - keep}.run(db);
        if (!swept) {
            log::warn("deleted interactions could not be swept; it is tried again",
                      {{"reason", std::string_view{swept.error().detail}}});
        }
        lock.lock();
    }
}

}  // namespace parley::mongo
