#include "app/expiry_sweep.hpp"

#include "app/run_task.hpp"
#include "common/log.hpp"
#include "modules/identity/user_purge.hpp"

#include <pthread.h>

namespace parley {
namespace {

using namespace std::chrono_literals;

constexpr auto sweep_every = 10s;
// Small, because in SQLite a batch is one transaction, which other writes wait for.
constexpr std::size_t batch = 16;

}  // namespace

expiry_sweep::expiry_sweep(conversation_store& store, identity_store& users, clock const& time)
    : store_(store),
      users_(users),
      time_(time),
      thread_([this] { work(); }) {
    pthread_setname_np(thread_.native_handle(), "expiry-sweep");
}

expiry_sweep::~expiry_sweep() {
    {
        std::lock_guard const lock{guard_};
        closing_ = true;
        wake_.notify_one();
    }
    thread_.join();
}

void expiry_sweep::work() {
    std::unique_lock lock{guard_};
    while (!closing_) {
        lock.unlock();
        bool const more = sweep();
        if (!more) purge();
        lock.lock();
        if (!more) wake_.wait_for(lock, sweep_every, [this] { return closing_; });
    }
}

bool expiry_sweep::sweep() {
    auto const deleted = run_task(store_.delete_expired(time_.now(), batch));
    if (!deleted) {
        log::warn("expired interactions could not be deleted; it is tried again",
                  {{"code", deleted.error().code}, {"detail", deleted.error().detail}});
        return false;
    }
    if (*deleted > 0) log::info("expired interactions deleted", {{"count", std::int64_t(*deleted)}});
    return *deleted == batch;
}

/// What is left of deleted users.
void expiry_sweep::purge() {
    auto const is_closing = [this] {
        std::lock_guard const lock{guard_};
        return closing_;
    };
    auto const gone = run_task(purge_deleted_users(users_, time_.now(), is_closing));
    if (!gone) {
        log::warn("what deleted users left could not be deleted; it is tried again",
                  {{"code", gone.error().code}, {"detail", gone.error().detail}});
    }
}

}  // namespace parley
