#include "app/turn_watch.hpp"

#include "app/run_task.hpp"
#include "common/log.hpp"

#include <pthread.h>

namespace parley {
namespace {

using namespace std::chrono_literals;

// Ten checkpoints.
constexpr auto lease = 10s;
constexpr auto look_every = 2s;

}  // namespace

turn_watch::turn_watch(conversation_store& store, turn_service& turns, clock const& time)
    : turns_(
          store, [&turns](message_id reply) { return turns.writes(reply); }, time, lease),
      thread_([this] { work(); }) {
    pthread_setname_np(thread_.native_handle(), "turn-watch");
}

turn_watch::~turn_watch() {
    {
        std::lock_guard const lock{guard_};
        closing_ = true;
        wake_.notify_one();
    }
    thread_.join();
}

void turn_watch::work() {
    std::unique_lock lock{guard_};
    do {
        lock.unlock();
        auto const ended = run_task(turns_.look(std::chrono::steady_clock::now()));
        if (ended && *ended > 0) {
            log::warn("replies that nobody wrote were interrupted",
                      {{"count", static_cast<std::int64_t>(*ended)}});
        }
        lock.lock();
    } while (!wake_.wait_for(lock, look_every, [this] { return closing_; }));
}

}  // namespace parley
