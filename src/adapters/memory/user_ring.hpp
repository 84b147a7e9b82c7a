// The last events of one user, bounded by their number and by the bytes of their texts, for any number of
// readers, who keep nothing but their place. Thread safety: all functions from any thread.
#pragma once

#include "common/wakeup.hpp"
#include "services/user_feed.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley {

class user_ring {
public:
    /// Absent: not a place of this ring, or no longer.
    using place = std::optional<std::uint64_t>;

    /// The newest event is kept however long it is.
    user_ring(std::size_t most_events, std::size_t most_bytes);

    void append(user_event what);

    /// Behind all that there is.
    [[nodiscard]] place end() const;
    [[nodiscard]] place find(std::string_view id) const;

    /// The event at `at`, which it moves forward; a gap when that was dropped or is no place: then `at`
    /// moves to the end.
    [[nodiscard]] user_feed_event next(place& at);

    /// `sleeper` is told of every event from now on until it is removed.
    void add(wakeup& sleeper);
    void remove(wakeup& sleeper);

private:
    struct entry {
        std::shared_ptr<user_event const> event;
        std::size_t bytes = 0;
    };

    [[nodiscard]] std::string id_text(std::uint64_t number) const;

    std::size_t const most_events_;
    std::size_t const most_bytes_;
    std::string const run_;  // random: ids of other rings, of other users' too, are not known here
    mutable std::mutex guard_;
    std::deque<entry> kept_;       // guarded, as all below
    std::uint64_t published_ = 0;  // the number of the newest event; the first has 1
    std::size_t bytes_ = 0;        // of kept_
    std::vector<wakeup*> sleepers_;
};

}  // namespace parley
