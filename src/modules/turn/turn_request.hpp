// What is asked of the turn service, and the ids under which it happens.
#pragma once

#include "common/id.hpp"
#include "entities/message.hpp"
#include "entities/settings.hpp"
#include "entities/usage_limits.hpp"
#include "services/clock.hpp"
#include "services/conversation_store.hpp"
#include "services/language_model.hpp"

#include <optional>
#include <utility>

namespace parley {

/// Made before anything is stored, so that a turn that is sent again writes the same.
struct turn_ids {
    message_id user_message = message_id::make();
    message_id reply = message_id::make();
    branch_id fork = branch_id::make();
    timestamp now;

    [[nodiscard]] static turn_ids at(timestamp now) { return {.now = now}; }
};

/// The limits of who asks.
struct allowance {
    usage_limits of_user{};
    usage_limits of_key{};
    std::optional<parley::key_id> key_id{};  // that was shown, if one was
};

struct turn_request {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    std::optional<message_draft> message;  // absent: a further reply to the message ids.user_message
    message_place place{};                 // of `message`
    newest_seen seen{};                    // when that was chosen
    settings_patch settings{};             // over the interaction's, for this reply alone
    turn_ids ids;
    trace_context trace{};  // of who asks
    allowance allowed{};
};

/// To store its message and no more.
[[nodiscard]] inline message_addition addition_of(turn_request asked) {
    return {.user_id = asked.user_id,
            .interaction_id = asked.interaction_id,
            .message_id = asked.ids.user_message,
            .message = std::move(*asked.message),
            .place = asked.place,
            .seen = asked.seen,
            .fork = asked.ids.fork,
            .now = asked.ids.now};
}

}  // namespace parley
