// An interaction as a document.
//
//   _id, user, flags (1 pinned, 2 archived; 4 deleted), created, updated, last_message, expires (absent or
//   null: never), title, settings{},
//   metadata[{k, v}], version, patch (the id of the last change by PATCH)
//   root, active: branches; forks[{id, parent, seq}], which are only ever added to
//   last_seq, count: the number of the last settled message, how many user and assistant messages that makes
//   head, head_seq: the last message of the active branch; without forks head_seq is last_seq
//   heads{b0: {message, seq}, b1: …}: of the branches that are not active: b0 is the root, b1 forks[0], …
//   work: 0 nothing, 1 a turn is running, 2 deleted, 3 replies wait; an index on it finds all but the first
//   epoch: how many claims there were
//   turn{reply, asked, owner, adds, counted, branch, fork{parent, seq}}: the claim while work is 1; branch:
//                                  where it goes when not to the active one; fork: when it makes that branch
//   queue[reply, …]: replies that wait, in their order
//   deleted: when, while work is 2
//
// Messages are settled in the order of their seq, each exactly once, by a compare-and-set on last_seq. A
// claim promises `adds` further ones, of which `counted` count: readers see them, and the fork, as soon as
// the claim is there; they are settled when it is released, or before a reply is put behind them to wait.
#pragma once

#include "adapters/mongo/document.hpp"
#include "entities/branches.hpp"
#include "entities/interaction.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace parley::mongo {

inline constexpr std::int64_t idle = 0;
inline constexpr std::int64_t in_turn = 1;
inline constexpr std::int64_t removed = 2;
inline constexpr std::int64_t waiting = 3;

inline constexpr std::int64_t removed_flag = 4;
[[nodiscard]] std::int64_t flags_of(bool pinned, bool archived);

struct claim {
    message_id reply;
    message_id asked;
    process_id owner;
    std::int64_t adds = 2;
    std::int64_t counted = 2;
    std::optional<branch_id> branch{};   // absent: the active one
    std::optional<parley::fork> fork{};  // it makes the branch
};

/// The last message of a branch.
struct branch_head {
    message_id message;
    std::int64_t seq = 0;
    bool operator==(branch_head const&) const = default;
};

/// What the store knows beside what the port shows.
struct interaction_state {
    interaction value;  // message_count and active_branch with what the claim promises
    std::int64_t work = idle;
    branch_id active;  // of what is settled
    branch_tree tree;  // with the fork that the claim makes, as its last
    std::int64_t last_seq = 0;
    std::optional<branch_head> head;                // of `active`
    std::map<std::size_t, branch_head> left_heads;  // of the others; the key is place_of() them
    std::int64_t epoch = 0;
    std::optional<claim> turn;
    std::vector<message_id> queue;
    std::optional<uuid_bytes> patch;

    /// Messages behind it are not there yet for readers.
    [[nodiscard]] std::int64_t last_visible() const { return last_seq + (turn ? turn->adds : 0); }
    /// Of a branch as settled.
    [[nodiscard]] std::optional<branch_head> head_of(branch_id const& branch) const;
    /// Whose turn a new reply would have to wait for.
    [[nodiscard]] std::optional<message_id> busy_with() const;
    /// 0 is the root, then the forks in their order. `branch` must be one of the tree.
    [[nodiscard]] std::size_t place_of(branch_id const& branch) const;
    /// As a reader sees it.
    [[nodiscard]] message shown(message one) const;
};

[[nodiscard]] interaction_state read_interaction(bson_t const& from);

/// All of a new one.
[[nodiscard]] document to_document(interaction const& value);
[[nodiscard]] document to_document(fork const& value);

/// All of one that no turn is running in.
[[nodiscard]] document to_document(interaction_state const& state);

/// The members that a patch may change, for $set; without the active branch, and those without a value are
/// left out.
[[nodiscard]] document patchable_members(interaction const& value);

/// For $set: `branch` becomes the active one and ends with `head`.
[[nodiscard]] document moved_to(interaction_state const& from, branch_id const& branch,
                                branch_head const& head);

}  // namespace parley::mongo
