// Request bodies of the native API: JSON in, checked drafts out.
#pragma once

#include "common/error.hpp"
#include "entities/interaction.hpp"
#include "entities/message.hpp"
#include "entities/user.hpp"

#include <boost/json/object.hpp>

namespace parley::http {

struct message_request {
    message_draft draft;
    bool respond = true;
    bool stream = false;
};

// Errors of all: unknown_field, invalid_type, missing_field, and those of the entity.
[[nodiscard]] result<interaction_draft> read_interaction_draft(boost::json::object const& object);
[[nodiscard]] result<interaction_patch> read_interaction_patch(boost::json::object const& object);
[[nodiscard]] result<message_request> read_message_request(boost::json::object const& object);
[[nodiscard]] result<user_patch> read_user_patch(boost::json::object const& object);

}  // namespace parley::http
