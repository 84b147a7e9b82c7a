// What a tool answers to a call: stored, and when it is the last answer that the reply waits for, the model
// goes on.
#pragma once

#include "adapters/http/native/api_context.hpp"
#include "adapters/http/server/exchange.hpp"
#include "adapters/http/wire/requests.hpp"
#include "common/error.hpp"
#include "common/task.hpp"
#include "modules/requests/request_keys.hpp"

namespace parley::http {

/// `asked.draft` is of role tool. Errors: those of answer_call and answer_turn.
[[nodiscard]] task<result<response>> answer_tool_message(api_context& api, request& call,
                                                         message_request asked, interaction_id in,
                                                         request_keys::entry entry);

}  // namespace parley::http
