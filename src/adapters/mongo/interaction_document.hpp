// An interaction as a document.
//
//   _id, user, flags (1 pinned, 2 archived; 4 deleted), created, updated, last_message, expires (absent or
//   null: never), title, settings{},
//   metadata[{k, v}], version, patch (the id of the last change by PATCH)
//   root, active: branches; forks[{id, parent, seq}]
//   last_seq, count, head: the number of the last settled message, how many user and assistant messages that
//                          makes, and the last one of the active branch
//   work: 0 nothing, 1 a turn is running, 2 deleted; an index on it finds both
//   epoch: how many claims there were; turn{reply, asked, owner, adds, counted}: the claim while work is 1
//   deleted: when, while work is 2
//
// Messages are settled in the order of their seq, each exactly once, by a compare-and-set on last_seq. A
// claim promises `adds` further ones, of which `counted` count: readers see them as soon as the claim is
// there.
#pragma once

#include "adapters/mongo/document.hpp"
#include "entities/interaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::mongo {

inline constexpr std::int64_t idle = 0;
inline constexpr std::int64_t in_turn = 1;
inline constexpr std::int64_t removed = 2;

inline constexpr std::int64_t removed_flag = 4;
[[nodiscard]] std::int64_t flags_of(bool pinned, bool archived);

/// A branch that leaves its parent behind the message fork_seq.
struct fork {
    branch_id id;
    branch_id parent;
    std::int64_t seq = 0;
};

struct claim {
    message_id reply;
    message_id asked;
    process_id owner;
    std::int64_t adds = 2;
    std::int64_t counted = 2;
};

/// What the store knows beside what the port shows.
struct interaction_state {
    interaction value;  // message_count with what the claim promises
    std::int64_t work = idle;
    branch_id root;
    std::vector<fork> forks;
    std::int64_t last_seq = 0;
    std::optional<message_id> head;
    std::int64_t epoch = 0;
    std::optional<claim> turn;
    std::optional<uuid_bytes> patch;

    /// Messages behind it are not there yet for readers.
    [[nodiscard]] std::int64_t last_visible() const { return last_seq + (turn ? turn->adds : 0); }
    [[nodiscard]] bool has_branch(branch_id const& id) const;
};

[[nodiscard]] interaction_state read_interaction(bson_t const& from);

/// All of a new one.
[[nodiscard]] document to_document(interaction const& value);

/// All of one that no turn is running in.
[[nodiscard]] document to_document(interaction_state const& state);

/// The members that a patch may change, for $set; those without a value are left out.
[[nodiscard]] document patchable_members(interaction const& value);

}  // namespace parley::mongo
