// What happens to a user's interactions, as it happens, for all that the user has open: tabs, devices,
// applications. The store is the truth; whoever misses something is told to read again.
//
// Events are told after they are stored, so whoever follows first and reads the store then misses nothing.
// Two changes at once may be told in the other order: of two states of an interaction the one with the higher
// version is newer, of two states of a reply the one whose status is further. A write whose outcome nobody
// knows (store_timeout) is not told.
//
// Thread safety: every function from any thread; a reader belongs to one coroutine.
#pragma once

#include "common/id.hpp"
#include "common/wakeup.hpp"
#include "entities/interaction.hpp"
#include "entities/message.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace parley {

struct interaction_created {
    interaction value;
};
/// Changed by PATCH.
struct interaction_changed {
    interaction value;
};
/// Named by a model, or out of the user's words.
struct interaction_titled {
    interaction value;
};
struct interaction_deleted {
    parley::interaction_id interaction_id;
};
/// A user's or a tool's message was stored.
struct message_created {
    message value;
};
/// The reply waits for those before it in its interaction (status queued), or for its model: so many are
/// served before it.
struct reply_waiting {
    message value;
    std::size_t ahead = 0;
};
/// The model has begun to read.
struct reply_begun {
    message value;
};
/// The reply waits until its model is in memory.
struct model_loading {
    message value;
    std::string model_name;
    double loaded = 0;  // 0–1
};
/// Complete, stopped, interrupted or failed.
struct reply_ended {
    message value;
};

using user_event =
    std::variant<interaction_created, interaction_changed, interaction_titled, interaction_deleted,
                 message_created, reply_waiting, reply_begun, model_loading, reply_ended>;

/// One event, and what to give as `after` to go on behind it.
struct numbered_event {
    std::string id;
    std::shared_ptr<user_event const> event;
};

/// Events were missed, or nobody knows: everything should be read again. `id` goes on behind it.
struct feed_gap {
    std::string id;
};

struct nothing_happened {};

using user_feed_event = std::variant<numbered_event, feed_gap, nothing_happened>;

class user_feed_reader {
public:
    user_feed_reader() = default;
    user_feed_reader(user_feed_reader const&) = delete;
    user_feed_reader& operator=(user_feed_reader const&) = delete;
    virtual ~user_feed_reader() = default;

    /// The next event in the order of publication, at once. After nothing_happened the reader's alarm goes
    /// off as soon as there may be more.
    [[nodiscard]] virtual user_feed_event next() = 0;
};

class user_feed {
public:
    user_feed() = default;
    user_feed(user_feed const&) = delete;
    user_feed& operator=(user_feed const&) = delete;
    virtual ~user_feed() = default;

    /// To all readers of this user, and to nobody else. Cheap; waits for no reader.
    virtual void publish(user_id user, user_event what) = 0;

    /// Absent `after`: what happens from now on, without a gap. Otherwise behind that event, or a gap first
    /// when it is not known any more (another run of the server, or too long ago), or never was this user's.
    /// `alarm` is notified of news and outlives the reader; whoever waits for it may have others notify it,
    /// too.
    [[nodiscard]] virtual std::unique_ptr<user_feed_reader> follow(user_id user,
                                                                   std::optional<std::string> after,
                                                                   wakeup& alarm) = 0;
};

}  // namespace parley
