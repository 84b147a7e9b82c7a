// Keeps the places of replies that go on, and finds out about those whose end nobody has told here: another
// process wrote them, or deleted them, or they were deleted while they waited.
// Thread safety: look() by one coroutine at a time. Ownership: guard and store outlive it.
#pragma once

#include "modules/limits/usage_guard.hpp"
#include "services/conversation_store.hpp"

#include <functional>
#include <utility>

namespace parley {

class place_keeper {
public:
    /// `written_here` says whether this process writes a reply: then nobody else needs to be asked.
    place_keeper(usage_guard& limits, conversation_store& store, std::function<bool(message_id)> written_here)
        : limits_(limits),
          store_(store),
          written_here_(std::move(written_here)) {}

    /// To be called every reply_stay.
    [[nodiscard]] task<void> look();

private:
    /// As it was left, if it is over; with its id alone when it is gone.
    [[nodiscard]] task<std::optional<message>> ended(admitted_reply of);

    usage_guard& limits_;
    conversation_store& store_;
    std::function<bool(message_id)> const written_here_;
};

}  // namespace parley
