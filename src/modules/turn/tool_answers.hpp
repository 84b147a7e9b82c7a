// What a tool answers to a call: stored, and when it is the last answer that the reply waits for, the model
// goes on. Thread safety: plain functions. Ownership: they borrow what they are given.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "entities/message.hpp"
#include "modules/turn/turn_service.hpp"
#include "services/conversation_store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <optional>

namespace parley {

struct answered_call {
    message stored;
    std::optional<message> reply;  // as begun; absent: others are waited for, or none was asked for
};

/// Stores `answer`, whose message is of role tool, where find_answer_spot says. Of several answers that come
/// at once each is judged by what those before it have stored, so that a call is answered once and one of
/// them, the last, begins the turn; that holds for all processes on one store. Errors: those of
/// find_answer_spot, turn_service::append and begin; unavailable (store_unavailable) when another process
/// has claimed the interaction and does not come to store what it is for.
[[nodiscard]] task<result<answered_call>> answer_call(conversation_store& store, turn_service& turns,
                                                      turn_request answer, bool respond,
                                                      boost::asio::any_io_executor executor);

}  // namespace parley
