// What tools answer to the calls of a reply: whether a call is open, and whether all are answered, so that
// the model goes on. Thread safety: plain functions. Ownership: they borrow the store.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "services/conversation_store.hpp"

#include <string>

namespace parley {

/// A tool's message that is to be stored.
struct tool_answer {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    message_place place{};
    std::string tool_call_id;
};

/// Whether this answer is the last that the reply waits for. Errors: those of the store; conflict
/// (unknown_tool_call) when the reply before that place asks for no such call; conflict (tool_call_answered).
[[nodiscard]] task<result<bool>> answers_last_call(conversation_store& store, tool_answer answer);

/// Of a tool's message that is stored: whether it ends its branch and all calls before it are answered. Of
/// several that are stored at once this is true for the last one, and only for it. Errors: those of the
/// store.
[[nodiscard]] task<result<bool>> ends_with_all_answers(conversation_store& store, user_id user,
                                                       message answered);

}  // namespace parley
