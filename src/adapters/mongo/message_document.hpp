// A message as a document.
//
//   _id, interaction, seq, branch, parent, created, role, status, content (text, or [{type, text}]),
//   transformed, metadata[{k, v}]
//   of a reply: model, finish, usage{}, timings{}, error{}, progress, and
//   lease{user, owner, epoch, adds, counted}: the claim it was written under. The reply is what finish,
//   checkpoint and expiry compete for; who expires it sets epoch to 0, so that its owner has lost it.
#pragma once

#include "adapters/mongo/document.hpp"
#include "entities/message.hpp"

#include <cstdint>
#include <optional>

namespace parley::mongo {

struct reply_lease {
    parley::user_id user_id;
    process_id owner;
    std::int64_t epoch = 0;
    std::int64_t adds = 2;
    std::int64_t counted = 2;
};

struct stored_message {
    message value;
    std::optional<reply_lease> lease;
    std::int64_t progress = 0;
};

[[nodiscard]] stored_message read_message(bson_t const& from);

/// All of it. `lease` for a reply that is being written.
[[nodiscard]] document to_document(message const& value, std::optional<reply_lease> const& lease);

/// What the end of a turn sets, for $set.
[[nodiscard]] document ended_members(message const& value);

[[nodiscard]] bool is_counted(message_role role);

}  // namespace parley::mongo
