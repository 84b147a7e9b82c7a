// A message as a document.
//
//   _id, interaction, seq, branch, parent, parent_seq (absent: seq - 1), created, role, status,
//   content (text, or [{type, text or url}]), transformed, metadata[{k, v}], tool_call_id (of a tool's)
//   fork{root, parent, seq}: of the first message of a branch: where that leaves its parent. Until the
//   message is settled nothing else tells of the branch; root tells it from one of a deleted interaction. of
//   a reply: model, finish, usage{}, timings{}, error{}, tool_calls[{id, name, arguments}], reasoning,
//   attempts[{target, outcome, message, duration}], progress, and lease{user, owner, epoch, adds,
//   counted}: the claim it was written under. The reply is what finish, checkpoint and expiry compete for;
//   who expires it sets epoch to 0, so that its owner has lost it. A reply that waits has none, one that was
//   copied from another store only the user, so that what it used is found under him. adds is 0
//   where the claim can not be released without reading the interaction.
#pragma once

#include "adapters/mongo/document.hpp"
#include "entities/branches.hpp"
#include "entities/message.hpp"

#include <cstdint>
#include <optional>

namespace parley::mongo {

struct reply_lease {
    parley::user_id user_id;
    process_id owner;
    std::int64_t epoch = 0;
    std::int64_t adds = 0;
    std::int64_t counted = 0;
};

/// The branch that begins with a message.
struct made_branch {
    parley::fork fork;
    branch_id root;  // of the interaction
};

struct stored_message {
    message value;
    std::optional<made_branch> made{};
    std::optional<reply_lease> lease{};
    std::int64_t progress = 0;
};

[[nodiscard]] stored_message read_message(bson_t const& from);

/// All of it. `lease` for a reply that is being written.
[[nodiscard]] document to_document(stored_message const& from);
[[nodiscard]] document to_document(reply_lease const& lease);

/// What the end of a turn sets, for $set.
[[nodiscard]] document ended_members(message const& value);

[[nodiscard]] bool is_counted(message_role role);

}  // namespace parley::mongo
