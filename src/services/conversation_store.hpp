// The port behind which interactions and messages are kept. It speaks in intentions, not in tables, so that
// SQLite and MongoDB serve it equally well, and every implementation passes tests/contract.
//
// Thread safety: all functions may be called from any event loop; they resume on the caller's executor and
// never block it for longer than a point read. Ownership: entities go in and out by value. Durability: a
// function that writes returns success only when the write is on disk. Isolation: what belongs to another
// user is reported exactly like what does not exist. So is an interaction whose expires_at has come, by the
// store's clock: nobody reads, lists, changes or continues it, whether it was deleted yet or not. A turn that
// runs in it is deleted with it, and until then keeps its lease.
//
// Errors that every function may return besides its own: unavailable (store_unavailable), timed_out
// (store_timeout), storage_full (storage_full), internal. After these a write may have happened or not; every
// write may be repeated with the same ids.
#pragma once

#include "common/error.hpp"
#include "common/id.hpp"
#include "common/task.hpp"
#include "common/timestamp.hpp"
#include "entities/interaction.hpp"
#include "entities/message.hpp"
#include "services/page.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace parley {

enum class interaction_sort { last_message_at, created_at };

/// An interaction's place in a list: the time it is sorted by, then its id.
struct interaction_position {
    timestamp at;
    parley::interaction_id interaction_id;
    auto operator<=>(interaction_position const&) const = default;
};

struct interaction_query {
    page_query<interaction_position> page;
    interaction_sort sort = interaction_sort::last_message_at;
    std::optional<bool> archived;
    std::optional<bool> pinned;
    /// Only the id and the time that is sorted by are wanted: the rest may be left out, and a page is bounded
    /// by its limit alone.
    bool ids_only = false;
};

/// A page of one branch, its ancestors included (a branch's path is a few (branch_id, seq) ranges), or of all
/// messages.
struct message_query {
    page_query<std::int64_t> page;            // position = seq
    std::optional<parley::branch_id> branch;  // absent: the active branch
    bool all_branches = false;                // `branch` is not looked at then
};

struct message_page : page<message> {
    parley::branch_id branch;  // the one that was read, so that a cursor can name it; nil: all
};

/// Where a message is put. Absent: at the end of the active branch. Otherwise behind that message, which
/// continues the branch that ends with it and forks one that goes on; an inner nullopt: before the first
/// message, beside what is there. The branch that the message is on becomes the active one.
using message_place = std::optional<std::optional<message_id>>;

/// What was decided by a look at the interaction holds while nothing came after it: the seq of the newest
/// message that was seen there, of all branches; 0: there was none. Absent: whatever is there.
using newest_seen = std::optional<std::int64_t>;

/// Whether something came after it, where `newest` is the interaction's newest message now.
[[nodiscard]] constexpr bool is_outdated(newest_seen const& seen, std::int64_t newest) {
    return seen && *seen != newest;
}

/// A message without a reply.
struct message_addition {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    parley::message_id message_id;
    message_draft message;
    message_place place{};
    newest_seen seen{};
    branch_id fork = branch_id::make();  // the id of the branch that is made if one must be
    std::optional<std::string> transformed_content{};
    timestamp now;
};

/// Which turn a write belongs to. `epoch` increases with each claim of the interaction, so that whoever lost
/// the claim can no longer write.
struct turn_lease {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    parley::message_id reply_id;
    process_id owner;
    std::int64_t epoch = 0;
    bool operator==(turn_lease const&) const = default;
};

/// A turn seen by active_turns. `progress` changes with every checkpoint: who observes it unchanged for a
/// lease's length may expire it. No clocks are compared.
struct active_turn {
    turn_lease lease;
    std::int64_t progress = 0;
};

/// Ids and times are made before, so that every write of a turn may be repeated.
struct turn_draft {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    process_id owner;
    parley::message_id user_message_id;
    // Absent: the message is stored already and gets a reply, or one more beside those it has.
    std::optional<message_draft> user_message;
    message_place place{};               // of the user's message, when that is new
    newest_seen seen{};                  // looked at when that is new, too
    branch_id fork = branch_id::make();  // the id of the branch that is made if one must be
    std::optional<std::string> transformed_content{};
    parley::message_id reply_id;
    std::string model_name;
    bool may_wait =
        false;  // store both also while a reply is being written; the new reply waits for its turn
    timestamp now;
};

struct turn_start {
    turn_lease lease;  // under which the reply is written, whoever does it; epoch 0: nobody does
    message user_message;
    message reply;          // status in_progress or queued, empty content
    std::size_t ahead = 0;  // of a reply that was queued now: replies of its interaction that end before it
};

/// A turn that has ended.
struct turn_end {
    message reply;             // as stored
    bool others_wait = false;  // in its interaction: see next_turn
};

/// An interaction in which replies wait while none is being written.
struct waiting_interaction {
    parley::user_id user_id;
    parley::interaction_id interaction_id;
    bool operator==(waiting_interaction const&) const = default;
};

/// How a turn ended. `status` is complete, stopped, interrupted or failed.
struct turn_outcome {
    message_status status = message_status::complete;
    std::string content;
    std::optional<parley::finish_reason> finish_reason;
    std::optional<token_usage> usage;
    std::optional<turn_timings> timings;
    std::optional<message_error> error;
    std::vector<tool_call> tool_calls{};
    std::optional<std::string> reasoning{};
    std::vector<attempt> attempts{};
    timestamp now;
};

class conversation_store {
public:
    conversation_store() = default;
    conversation_store(conversation_store const&) = delete;
    conversation_store& operator=(conversation_store const&) = delete;
    virtual ~conversation_store() = default;

    /// Stores it as it is. Errors: conflict (interaction_exists) when the id is taken.
    [[nodiscard]] virtual task<result<void>> create_interaction(interaction value) = 0;

    /// Errors: not_found (interaction_not_found).
    [[nodiscard]] virtual task<result<interaction>> get_interaction(user_id user, interaction_id id) = 0;

    [[nodiscard]] virtual task<result<page<interaction>>> list_interactions(user_id user,
                                                                            interaction_query query) = 0;

    /// Applies the patch to the stored state in one atomic step; when nothing would change, nothing
    /// is written and the version stays.
    /// Errors: interaction_not_found; precondition_failed (version_mismatch) when `if_version` is set and
    /// differs; not_found (branch_not_found, param active_branch); conflict (turn_in_progress) when another
    /// branch should become active while a reply is being written or waits.
    [[nodiscard]] virtual task<result<interaction>> update_interaction(user_id user, interaction_id id,
                                                                       interaction_patch patch,
                                                                       std::optional<std::int64_t> if_version,
                                                                       timestamp now) = 0;

    /// Names an interaction that has no title, as a patch would. Nullopt when it has one. Errors:
    /// interaction_not_found.
    [[nodiscard]] virtual task<result<std::optional<interaction>>> suggest_title(user_id user,
                                                                                 interaction_id id,
                                                                                 std::string title,
                                                                                 timestamp now) = 0;

    /// Deletes it with all that hangs on it, the keys of its requests (request_store) included. A turn that
    /// is running loses its lease: its later writes fail with turn_lost. Errors: interaction_not_found;
    /// version_mismatch.
    [[nodiscard]] virtual task<result<void>> delete_interaction(user_id user, interaction_id id,
                                                                std::optional<std::int64_t> if_version) = 0;

    /// Deletes interactions, anybody's, that have expired by `now`, as delete_interaction does; at most
    /// `limit`. Returns how many this call deleted. Several processes may do it at once.
    [[nodiscard]] virtual task<result<std::size_t>> delete_expired(timestamp now, std::size_t limit) = 0;

    /// Stores one complete message (a turn without a reply). Repeating it with the same message_id returns
    /// what was stored, also while a reply is being written. Errors: interaction_not_found; conflict
    /// (newer_messages) when `seen` is outdated, whatever else is wrong; message_not_found (param parent_id)
    /// when there is no message to put it behind; conflict (turn_in_progress, param = id of the running
    /// reply), also when replies wait; conflict (too_many_branches); conflict (message_exists) when the id
    /// belongs to another interaction.
    [[nodiscard]] virtual task<result<message>> add_message(message_addition addition) = 0;

    /// At the end of the active branch. Errors: as add_message.
    [[nodiscard]] task<result<message>> append_message(user_id user, interaction_id id, message_id new_id,
                                                       message_draft draft, timestamp now) {
        return add_message({.user_id = user,
                            .interaction_id = id,
                            .message_id = new_id,
                            .message = std::move(draft),
                            .now = now});
    }

    /// Claims the interaction and stores the user's message and an empty reply behind it. A user's message
    /// that is stored already and the last of its branch gets its reply behind it; one that is answered gets
    /// a further reply on a branch of its own. What is said here of a user's message holds for a tool's, too.
    ///
    /// While a reply is being written, or others wait: with `may_wait` and a place at the end of the active
    /// branch (also when `place` names its last message) both are stored all the same, the reply as queued;
    /// see next_turn.
    ///
    /// Repeating it with the same ids returns what was stored, whatever happens in the interaction meanwhile:
    /// the lease tells who writes the reply. Errors: interaction_not_found; conflict (newer_messages) as
    /// add_message, also when the newer ones are still being stored; message_not_found (param parent_id) when
    /// there is no message to put it behind, or none to reply to; conflict
    /// (not_a_user_message) when that is neither a user's nor a tool's; conflict (turn_in_progress, param =
    /// id of the running reply, or of the first that waits); conflict (too_many_waiting) beyond
    /// limits::waiting_replies; conflict (too_many_branches) beyond limits::forks; conflict (message_exists)
    /// when an id belongs to another message.
    [[nodiscard]] virtual task<result<turn_start>> begin_turn(turn_draft draft) = 0;

    /// Claims the interaction for the first reply that waits in it, which becomes in_progress. Nullopt when
    /// none waits, or one is being written. Repeating it with the same owner may return nullopt: whoever does
    /// not know whether it took place finds the turn among active_turns. Errors: interaction_not_found.
    [[nodiscard]] virtual task<result<std::optional<turn_start>>> next_turn(user_id user, interaction_id id,
                                                                            process_id owner,
                                                                            timestamp now) = 0;

    /// Ends replies that wait as stopped: `only` that one, or all of the interaction. Returns those that
    /// were; one that does not wait is left as it is. Errors: interaction_not_found.
    [[nodiscard]] virtual task<result<std::vector<message>>> withdraw_turns(user_id user, interaction_id id,
                                                                            std::optional<message_id> only,
                                                                            timestamp now) = 0;

    /// At most `limit`, in no particular order.
    [[nodiscard]] virtual task<result<std::vector<waiting_interaction>>> waiting_interactions(
        std::size_t limit) = 0;

    /// Keeps the reply's text so far and shows progress. Errors: conflict (turn_lost) when the lease is not
    /// current.
    [[nodiscard]] virtual task<result<void>> checkpoint(turn_lease lease, std::string content) = 0;

    /// Ends the turn: compare-and-set on lease and status, releases the claim; its usage is counted with it
    /// (usage_store). Errors: conflict (turn_lost); what was used may be added there under the reply's id
    /// then. Repeating a finish that took place returns the stored reply.
    [[nodiscard]] virtual task<result<turn_end>> finish_turn(turn_lease lease, turn_outcome outcome) = 0;

    /// Turns that are running or were left behind by a process that died; at most `limit`.
    [[nodiscard]] virtual task<result<std::vector<active_turn>>> active_turns(std::size_t limit) = 0;

    /// Marks the reply interrupted with the text last checkpointed, if nothing moved since `seen`; releases
    /// the claim. Returns the reply, or nullopt when the turn has moved on or ended.
    [[nodiscard]] virtual task<result<std::optional<message>>> expire_turn(active_turn seen,
                                                                           timestamp now) = 0;

    /// Errors: not_found (message_not_found, or interaction_not_found).
    [[nodiscard]] virtual task<result<message>> get_message(user_id user, interaction_id interaction,
                                                            message_id id) = 0;

    /// The message at `index`, in order of creation, among those that have the same parent as `id`, itself
    /// included. Errors: interaction_not_found; message_not_found, also when there are not so many.
    [[nodiscard]] virtual task<result<message>> get_sibling(user_id user, interaction_id interaction,
                                                            message_id id, std::int64_t index) = 0;

    /// Errors: interaction_not_found; not_found (branch_not_found).
    [[nodiscard]] virtual task<result<message_page>> page_of_branch(user_id user, interaction_id id,
                                                                    message_query query) = 0;

    /// Whether the store answers; for readiness.
    [[nodiscard]] virtual task<result<void>> ping() = 0;
};

}  // namespace parley
