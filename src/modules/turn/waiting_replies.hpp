// The live text of replies that this process has stored as queued: readers may follow them before their turn
// comes. Thread safety: all functions from any thread.
#pragma once

#include "common/id.hpp"
#include "entities/message.hpp"
#include "services/reply_feed.hpp"

#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace parley {

class waiting_replies {
public:
    void keep(message_id reply, std::unique_ptr<reply_writer> feed) {
        std::scoped_lock const lock{guard_};
        feeds_.insert_or_assign(reply, std::move(feed));
    }

    /// Null when there is none.
    [[nodiscard]] std::unique_ptr<reply_writer> take(message_id reply) {
        std::scoped_lock const lock{guard_};
        auto found = feeds_.extract(reply);
        return found ? std::move(found.mapped()) : nullptr;
    }

    /// Tells the readers of a reply that will not be written.
    void finish(message const& reply) {
        if (auto const feed = take(reply.message_id)) feed->finish(reply);
    }

    /// Their readers are told to look into the store.
    void drop_all() {
        std::unordered_map<message_id, std::unique_ptr<reply_writer>, id_hash> dropped;
        std::scoped_lock const lock{guard_};
        dropped.swap(feeds_);
    }

private:
    std::mutex guard_;
    std::unordered_map<message_id, std::unique_ptr<reply_writer>, id_hash> feeds_;  // guarded
};

}  // namespace parley
