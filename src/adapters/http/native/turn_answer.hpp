// How a turn is answered, whatever has begun it: as events, at once, or when its reply is over.
#pragma once

#include "adapters/http/native/api_context.hpp"
#include "adapters/http/server/exchange.hpp"
#include "adapters/http/wire/requests.hpp"
#include "common/error.hpp"
#include "common/task.hpp"
#include "modules/requests/request_keys.hpp"
#include "modules/turn/turn_request.hpp"

namespace parley::http {

/// Whether a part of the request is done already: then it keeps its key, even if the rest is refused.
enum class turn_progress { nothing, message_stored };

/// Begins the turn, or finds the one that was begun by the same request before, and answers as the client
/// wants it. Errors: those of turn_service::begin and, when the answer waits for the reply, wait.
[[nodiscard]] task<result<response>> answer_turn(api_context& api, request& call, turn_request asked,
                                                 turn_manner how, request_keys::entry entry,
                                                 turn_progress done = turn_progress::nothing);

/// The turn that a request makes in an interaction, under the ids that are kept with its key.
[[nodiscard]] turn_request turn_of(message_request asked, interaction_id in, remembered_request const& ids);

struct begun_turn {
    message user_message;
    message reply;
};

/// What answer_turn does once the turn has begun. Errors: those of turn_service::wait.
[[nodiscard]] task<result<response>> show_turn(api_context& api, request& call, begun_turn begun,
                                               turn_manner how, request_keys::entry entry);

/// 201 with a message that was stored and gets no reply now.
[[nodiscard]] response stored_response(message const& stored, request_keys::entry const& entry);

/// The reply as it was when it began.
[[nodiscard]] message as_begun(message reply);

/// The data of message.created. Errors: those of get_message.
[[nodiscard]] task<result<std::string>> created_data(api_context& api, user_id user, message reply);

/// 201 or 202 with both messages.
[[nodiscard]] response turn_response(unsigned status, message const& user_message,
                                     std::optional<message> const& reply);

/// The limits of who asks.
[[nodiscard]] allowance allowance_of(request const& call);

/// The ids of a turn that this request makes.
[[nodiscard]] turn_ids ids_of(remembered_request const& asked);

}  // namespace parley::http
