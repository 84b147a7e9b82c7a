// The port through which a whole store is read, written and compared: what moving to another store takes. It
// is read in one order, that of the ids' bytes, in batches that fit into memory, and written in batches that
// may be repeated. Beside the entities there is only what a store keeps to go on with a conversation.
//
// Thread safety: none, one caller at a time. All functions block: for commands, never for an event loop.
// Ownership: an archive has its store for itself where the store can be had alone (SQLite's folder is
// locked); otherwise who uses it sees to it that nobody writes. What was deleted, or was stored and never
// acknowledged, is not there, nor are the requests that request_store remembers.
//
// Errors that every function may return besides its own: unavailable (store_unavailable), timed_out
// (store_timeout), storage_full (storage_full), internal.
#pragma once

#include "common/error.hpp"
#include "entities/api_key.hpp"
#include "entities/user.hpp"
#include "services/conversation_store.hpp"
#include "services/page.hpp"
#include "services/usage_store.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace parley {

struct user_record {
    user value;
    bool is_local = false;                   // the one user of a server without authentication
    std::vector<external_identity> names{};  // in order
    std::vector<api_key> keys{};             // newest first
    bool operator==(user_record const&) const = default;
};

/// The last message of a branch.
struct head_record {
    message_id message;
    std::int64_t seq = 0;
    bool operator==(head_record const&) const = default;
};

/// A branch that leaves its parent behind the message fork_seq. Its head is absent only while the store is an
/// unfinished copy that has not come to that message.
struct fork_record {
    branch_id branch;
    branch_id parent;
    std::int64_t fork_seq = 0;
    std::optional<head_record> head{};
    bool operator==(fork_record const&) const = default;
};

struct interaction_record {
    interaction value;
    branch_id root_branch;
    std::optional<head_record> root_head;  // absent: no message yet, or as a fork's
    std::vector<fork_record> forks;        // in order of creation, so each behind its parent
    std::vector<message_id> waiting;       // replies that are queued, in order of seq
    std::int64_t last_seq = 0;             // of all branches
    std::int64_t epoch = 0;  // how many turns there were: no later claim may have an earlier number
    bool operator==(interaction_record const&) const = default;
};

/// Of the active branch.
[[nodiscard]] inline std::optional<head_record> active_head(interaction_record const& record) {
    auto const active = std::ranges::find(record.forks, record.value.active_branch, &fork_record::branch);
    return active == record.forks.end() ? record.root_head : active->head;
}

/// An interaction with a run of its messages, in order of seq. Their `sibling` is not filled in: the forks
/// tell it.
struct conversation_part {
    interaction_record interaction;
    std::vector<message> messages;
    bool is_last = true;  // no messages behind these
};

/// What was read last.
struct archive_position {
    parley::interaction_id interaction_id;  // nil: nothing yet
    std::optional<std::int64_t> seq;        // absent: all its messages
    bool operator==(archive_position const&) const = default;
};

[[nodiscard]] inline archive_position position_behind(conversation_part const& part) {
    archive_position out{part.interaction.value.interaction_id, std::nullopt};
    if (!part.is_last) out.seq = part.messages.back().seq;
    return out;
}

/// All that usage_store tells of a user's day and model, replies that are still there included.
struct usage_record {
    parley::user_id user_id;
    usage_day sums;
    bool operator==(usage_record const&) const = default;
};

/// Its place.
struct usage_key {
    parley::user_id user_id;
    std::chrono::sys_days day;
    std::string model_name;
    auto operator<=>(usage_key const&) const = default;

    /// For people: "<user> on 2026-11-26 by <model>".
    [[nodiscard]] std::string text() const {
        return user_id.text() + " on " + to_rfc3339(timestamp{day}).substr(0, 10) + " by " + model_name;
    }
};

[[nodiscard]] inline usage_key key_of(usage_record const& record) {
    return {record.user_id, record.sums.day, record.sums.model_name};
}

// How much a batch holds at most. A first message always fits.
inline constexpr std::size_t archive_users = 500;
inline constexpr std::size_t archive_interactions = 100;
inline constexpr std::size_t archive_messages = 500;
inline constexpr std::size_t archive_usage = 500;

struct archive_counts {
    std::int64_t users = 0;
    std::int64_t interactions = 0;
    std::int64_t messages = 0;
    bool operator==(archive_counts const&) const = default;
};

enum class reception { fresh, resumed };

class store_archive {
public:
    store_archive() = default;
    store_archive(store_archive const&) = delete;
    store_archive& operator=(store_archive const&) = delete;
    virtual ~store_archive() = default;

    /// In order of user_id, at most archive_users behind `last` (nil: from the beginning); none at the end.
    [[nodiscard]] virtual result<std::vector<user_record>> users_after(user_id last) = 0;

    /// In order of interaction_id and seq; none at the end. One with more messages than fit comes in parts.
    [[nodiscard]] virtual result<std::vector<conversation_part>> conversations_after(
        archive_position last) = 0;

    /// In order of key, at most archive_usage behind `last` (absent: from the beginning); none at the end.
    [[nodiscard]] virtual result<std::vector<usage_record>> usage_after(std::optional<usage_key> last) = 0;

    /// A quick count, for showing progress.
    [[nodiscard]] virtual result<archive_counts> count() = 0;

    /// Turns that are running or were left behind, and the end of one, as of conversation_store. Only who
    /// knows that nobody writes it any more ends a turn.
    [[nodiscard]] virtual result<std::vector<active_turn>> active_turns(std::size_t limit) = 0;
    [[nodiscard]] virtual result<void> end_turn(active_turn seen, timestamp now) = 0;

    /// Makes an empty store the unfinished copy of `source` (letters, digits and dashes): from then on no
    /// server starts on it until end_reception(), and the functions below may be used. Errors: conflict
    /// (store_not_empty) when it holds anything else, also the unfinished copy of another source.
    [[nodiscard]] virtual result<reception> receive_from(std::string const& source) = 0;

    /// Stores what is not there yet under the same ids; what is there stays: the first part of a conversation
    /// brings the whole record. All of it is on disk when it returns, or, after an error, any part of it.
    [[nodiscard]] virtual result<void> put_users(std::span<user_record const> values) = 0;
    [[nodiscard]] virtual result<void> put_conversations(std::span<conversation_part const> parts) = 0;

    /// Makes these days and models say this, whatever the messages that are there say: to be called when all
    /// are there, and again when they have changed.
    [[nodiscard]] virtual result<void> put_usage(std::span<usage_record const> values) = 0;

    /// With their keys, names and sums of usage, not their conversations; absent ones are fine.
    [[nodiscard]] virtual result<void> remove_users(std::span<user_id const> ids) = 0;

    /// With their messages; absent ones are fine.
    [[nodiscard]] virtual result<void> remove_conversations(std::span<interaction_id const> ids) = 0;

    [[nodiscard]] virtual result<void> end_reception() = 0;
};

}  // namespace parley
