// Request bodies of the native API: JSON in, checked drafts out.
#pragma once

#include "adapters/http/server/exchange.hpp"
#include "common/error.hpp"
#include "entities/interaction.hpp"
#include "entities/message.hpp"
#include "entities/user.hpp"
#include "services/conversation_store.hpp"

#include <boost/json/object.hpp>

namespace parley::http {

/// When and how a turn is answered.
enum class turn_manner { when_over, stream, background };

struct message_request {
    message_draft draft;
    message_place place{};
    bool respond = true;
    turn_manner manner = turn_manner::when_over;
};

struct regenerate_request {
    settings_patch settings{};
    turn_manner manner = turn_manner::when_over;
};

// Errors of all: unknown_field, invalid_type, missing_field, and those of the entity.
[[nodiscard]] result<interaction_draft> read_interaction_draft(boost::json::object const& object);
[[nodiscard]] result<interaction_patch> read_interaction_patch(boost::json::object const& object);
[[nodiscard]] result<message_request> read_message_request(boost::json::object const& object);
/// No body is an empty one.
[[nodiscard]] result<regenerate_request> read_regenerate_request(request const& call);
[[nodiscard]] result<user_patch> read_user_patch(boost::json::object const& object);

}  // namespace parley::http
