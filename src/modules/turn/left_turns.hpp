// Finds turns that nobody writes: their process has died, or has told its caller that the store was too slow
// to begin them and they began after all. A running turn shows progress at every checkpoint, about once a
// second, and one that shows none for a lease's length is ended as interrupted, unless this very process
// writes it. No clocks of different machines are compared: what counts is how long this process has looked
// on.
//
// Thread safety: look() by one coroutine at a time. Ownership: borrows the store, the clock and the feed.
#pragma once

#include "services/clock.hpp"
#include "services/conversation_store.hpp"
#include "services/user_feed.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <utility>

namespace parley {

class left_turns {
public:
    using steady = std::chrono::steady_clock;

    /// `written_here` says whether this process writes a reply; such a turn is left alone.
    left_turns(conversation_store& store, std::function<bool(message_id)> written_here, clock const& time,
               user_feed& news, std::chrono::milliseconds lease)
        : store_(store),
          written_here_(std::move(written_here)),
          time_(time),
          news_(news),
          lease_(lease) {}

    /// Looks once; `now` is when. Returns how many turns were ended. After an error everything is watched
    /// anew: a store that is away keeps everybody from showing progress. Errors: those of the store.
    [[nodiscard]] task<result<std::size_t>> look(steady::time_point now);

private:
    struct sight {
        std::int64_t progress = 0;
        steady::time_point since;
        std::uint64_t round = 0;  // of look() that saw it last
    };

    conversation_store& store_;
    std::function<bool(message_id)> const written_here_;
    clock const& time_;
    user_feed& news_;
    std::chrono::milliseconds lease_;
    std::map<message_id, sight> seen_;
    std::uint64_t round_ = 0;
};

}  // namespace parley
