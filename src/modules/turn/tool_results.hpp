// What tools have answered to the calls of a reply, and where a further answer goes.
// Thread safety: plain functions. Ownership: they borrow the store. Errors besides those named: the store's.
#pragma once

#include "common/error.hpp"
#include "common/task.hpp"
#include "services/conversation_store.hpp"

#include <cstdint>
#include <string>

namespace parley {

/// A tool's message that is to be stored.
struct tool_answer {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    message_place place{};
    std::string tool_call_id;
};

/// Where it goes, while the interaction has no newer message than that.
struct answer_spot {
    message_id behind;
    std::int64_t newest = 0;  // seq
    bool is_last = false;     // no other call is open there
    bool is_beside = false;   // the call has answers behind the place that was named, each on its own branch
};

/// At the end of the active branch; with a place behind the results that stand behind that message and leave
/// the call open, the newest of them if they stand on several branches. Errors: message_not_found (param
/// parent_id); conflict (unknown_tool_call) when the reply before that place asks for no such call; conflict
/// (tool_call_answered).
[[nodiscard]] task<result<answer_spot>> find_answer_spot(conversation_store& store, tool_answer answer);

[[nodiscard]] std::unexpected<error> tool_call_answered();

/// Of a tool's message that is stored: whether it ends its branch and all calls before it are answered.
[[nodiscard]] task<result<bool>> ends_with_all_answers(conversation_store& store, user_id user,
                                                       message answered);

/// Of the interaction's newest message, of all branches; 0: there is none.
[[nodiscard]] task<result<std::int64_t>> newest_seq(conversation_store& store, user_id user,
                                                    interaction_id in);

}  // namespace parley
