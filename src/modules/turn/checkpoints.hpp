// Keeps a reply's text in the store while it is being written, about once a second, so that a crash loses at
// most about that much and others see that the turn is not left alone. Writes beside the stream: a store that
// is slow or away holds up neither the model nor the readers.
// Thread safety: everything on the one single-threaded executor. Ownership: borrows the store, until
// settle().
#pragma once

#include "common/task.hpp"
#include "services/conversation_store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace parley {

class checkpoints {
public:
    checkpoints(conversation_store& store, turn_lease lease, boost::asio::any_io_executor executor);

    /// How long until the next one is due; at least 1 ms, at most the interval.
    [[nodiscard]] std::chrono::milliseconds until_due() const;

    /// Begins to store the text if that is due and no earlier one is still under way.
    void offer(std::string const& text);

    /// The turn belongs to somebody else now, or its interaction is gone: go no further.
    [[nodiscard]] bool turn_lost() const;

    /// Returns when none is under way. To be awaited before the end of whoever owns this, and before the turn
    /// is ended in the store.
    [[nodiscard]] task<void> settle();

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace parley
