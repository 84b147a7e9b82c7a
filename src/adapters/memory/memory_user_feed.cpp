#include "adapters/memory/memory_user_feed.hpp"

#include "adapters/memory/user_ring.hpp"

#include <list>
#include <mutex>
#include <unordered_map>
#include <utility>
#include <vector>

namespace parley {

/// The rings by user. Shared with the readers, who say when they leave.
class memory_user_feed::registry {
public:
    explicit registry(user_feed_limits limits) : limits_(limits) {}

    /// Null when nobody reads, nor did lately.
    std::shared_ptr<user_ring> find(user_id const& user) {
        dropped_rings dropped;  // destroyed after the lock is released
        std::lock_guard const lock{guard_};
        drop_old(dropped);
        auto const found = slots_.find(user);
        return found == slots_.end() ? nullptr : found->second.ring;
    }

    /// For one more reader, who has to leave() again.
    std::shared_ptr<user_ring> enter(user_id const& user) {
        dropped_rings dropped;
        std::lock_guard const lock{guard_};
        drop_old(dropped);
        auto& slot = slots_[user];
        if (!slot.ring) {
            slot.ring = std::make_shared<user_ring>(limits_.events, limits_.bytes);
        } else if (slot.readers == 0) {
            idle_.erase(slot.place);
        }
        ++slot.readers;
        return slot.ring;
    }

    void leave(user_id const& user) {
        std::lock_guard const lock{guard_};
        auto& slot = slots_.at(user);
        if (--slot.readers == 0) slot.place = idle_.insert(idle_.end(), {user, steady::now()});
    }

    std::size_t size() {
        dropped_rings dropped;
        std::lock_guard const lock{guard_};
        drop_old(dropped);
        return slots_.size();
    }

private:
    using steady = std::chrono::steady_clock;
    using dropped_rings = std::vector<std::shared_ptr<user_ring>>;

    struct without_readers {
        user_id user;
        steady::time_point since;
    };
    struct slot {
        std::shared_ptr<user_ring> ring;
        std::size_t readers = 0;
        std::list<without_readers>::iterator place;  // in idle_ while there are no readers
    };

    void drop_old(dropped_rings& dropped) {
        while (!idle_.empty() && steady::now() - idle_.front().since >= limits_.kept) {
            auto const found = slots_.find(idle_.front().user);
            dropped.push_back(std::move(found->second.ring));
            slots_.erase(found);
            idle_.pop_front();
        }
    }

    user_feed_limits const limits_;
    std::mutex guard_;
    std::unordered_map<user_id, slot, id_hash> slots_;  // guarded, as is idle_
    std::list<without_readers> idle_;                   // the oldest first
};

namespace {

class memory_user_feed_reader final : public user_feed_reader {
public:
    memory_user_feed_reader(std::shared_ptr<memory_user_feed::registry> registry, user_id user,
                            std::optional<std::string> const& after, wakeup& alarm)
        : registry_(std::move(registry)),
          user_(user),
          ring_(registry_->enter(user_)),
          place_(after ? ring_->find(*after) : ring_->end()),
          alarm_(alarm) {
        ring_->add(alarm_);
    }
    ~memory_user_feed_reader() override {
        ring_->remove(alarm_);
        registry_->leave(user_);
    }

    user_feed_event next() override { return ring_->next(place_); }

private:
    std::shared_ptr<memory_user_feed::registry> registry_;
    user_id user_;
    std::shared_ptr<user_ring> ring_;
    user_ring::place place_;
    wakeup& alarm_;
};

}  // namespace

memory_user_feed::memory_user_feed(user_feed_limits limits) : registry_(std::make_shared<registry>(limits)) {}
memory_user_feed::~memory_user_feed() = default;

void memory_user_feed::publish(user_id user, user_event what) {
    if (auto const ring = registry_->find(user)) ring->append(std::move(what));
}

std::unique_ptr<user_feed_reader> memory_user_feed::follow(user_id user, std::optional<std::string> after,
                                                           wakeup& alarm) {
    return std::make_unique<memory_user_feed_reader>(registry_, user, after, alarm);
}

std::size_t memory_user_feed::rings() const { return registry_->size(); }

}  // namespace parley
