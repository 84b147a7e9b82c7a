// The user feed of one process: each user who has a reader has one ring of recent events, which all readers
// of that user share. It is kept for a while after the last of them has gone, so that one who comes back
// goes on without a gap; events of users without a ring are let go at once. Ids are "<ring>-<number>", the
// ring being a random word.
//
// Thread safety: as user_feed. Readers may outlive the feed.
#pragma once

#include "services/user_feed.hpp"

#include <chrono>
#include <cstddef>
#include <memory>

namespace parley {

struct user_feed_limits {
    std::size_t events = 512;                  // the most that one user's ring holds
    std::size_t bytes = std::size_t{1} << 20;  // of text in it; the newest event is held in any case
    std::chrono::milliseconds kept{60'000};    // without a reader
};

class memory_user_feed final : public user_feed {
public:
    explicit memory_user_feed(user_feed_limits limits = {});
    ~memory_user_feed() override;

    void publish(user_id user, user_event what) override;
    [[nodiscard]] std::unique_ptr<user_feed_reader> follow(user_id user, std::optional<std::string> after,
                                                           wakeup& alarm) override;

    /// How many users have a ring.
    [[nodiscard]] std::size_t rings() const;

    class registry;

private:
    std::shared_ptr<registry> registry_;
};

}  // namespace parley
