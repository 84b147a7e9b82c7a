// The reply feed of one process: each reply being written has one shared text, of which a reader keeps
// nothing but its place. So a slow reader costs the others nothing, and no memory of its own beyond one
// piece. Thread safety and errors: as reply_feed. Readers and writers may outlive the feed.
#pragma once

#include "services/reply_feed.hpp"

#include <memory>

namespace parley {

class memory_reply_feed final : public reply_feed {
public:
    memory_reply_feed();
    ~memory_reply_feed() override;

    /// A second writer of the same reply takes the place of the first, whose readers are told feed_lost.
    [[nodiscard]] std::unique_ptr<reply_writer> open(message_id reply) override;

    /// `from` beyond the text waits until the text has grown past it; within a character it starts with that
    /// character.
    [[nodiscard]] std::unique_ptr<reply_reader> follow(message_id reply, std::size_t from,
                                                       boost::asio::any_io_executor executor) override;

    struct registry;

private:
    std::shared_ptr<registry> registry_;
};

}  // namespace parley
