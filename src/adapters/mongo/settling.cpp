#include "adapters/mongo/settling.hpp"

#include "adapters/mongo/rounds.hpp"
#include "adapters/mongo/usage.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

// Each round another writer has made progress.
/// Whether it is of this interaction, not of a deleted one that had the same id: its write came late then.
bool belongs(interaction_state const& state, stored_message const& one) {
    bool const begins = one.made && one.made->root == state.tree.root;
    return begins || state.tree.has(one.value.branch_id);
}

bool is_claimed(interaction_state const& state, message_id const& id) {
    return state.turn && state.turn->adds > 0 && (state.turn->asked == id || state.turn->reply == id);
}

result<void> remove(session& db, stored_message const& one) {
    if (auto kept = keep_usage(db, one); !kept) return kept;
    auto const gone = db.delete_all(messages, doc("_id", one.value.message_id));
    if (!gone) return std::unexpected(gone.error());
    return {};
}

/// Of a reply that nobody writes any more.
result<void> interrupt(session& db, message& left) {
    auto const filter = doc("_id", left.message_id).put("status", to_text(message_status::in_progress));
    auto const set = doc("status", to_text(message_status::interrupted)).put("lease.epoch", 0);
    auto const ended = db.update_one(messages, filter, doc("$set", set));
    if (!ended) return std::unexpected(ended.error());
    return {};
}

document times_of(message const& one) {
    return doc("updated", one.created_at).put("last_message", one.created_at);
}

}  // namespace

result<bool> settle(session& db, interaction_state const& state, stored_message const& next) {
    auto const& value = next.value;
    bool const waits = value.status == message_status::queued;
    bool const known = state.tree.has(value.branch_id);
    auto set = moved_to(state, value.branch_id, {value.message_id, value.seq});
    set.put("last_seq", value.seq);
    if (waits && state.work == idle) set.put("work", waiting);
    document push;
    if (next.made && !known) push.put("forks", to_document(next.made->fork));
    if (waits) push.put("queue", value.message_id);
    document update;
    update.put("$set", set)
        .put("$inc", doc("count", is_counted(value.role) ? 1 : 0))
        .put("$max", times_of(value));
    if (!push.empty()) update.put("$push", push);
    return db.update_one(interactions, as_read(state), update);
}

result<bool> settle_waiting(session& db, interaction_state const& state, message const& asked,
                            message const& reply) {
    auto set = moved_to(state, reply.branch_id, {reply.message_id, reply.seq});
    set.put("last_seq", reply.seq);
    document update;
    update.put("$set", set)
        .put("$inc", doc("count", is_counted(asked.role) ? 2 : 1))
        .put("$max", times_of(reply))
        .put("$push", doc("queue", reply.message_id));
    return db.update_one(interactions, as_read(state), update);
}

result<bool> settle_foreign(session& db, interaction_state const& state) {
    auto const place = doc("interaction", state.value.interaction_id).put("seq", state.last_seq + 1);
    auto const found = db.find_one(messages, place);
    if (!found) return std::unexpected(found.error());
    if (!*found) return false;
    auto left = read_message(*(*found)->get());
    if (is_claimed(state, left.value.message_id)) return false;
    if (!belongs(state, left)) {
        if (auto const gone = remove(db, left); !gone) return std::unexpected(gone.error());
        return true;
    }
    if (left.value.status == message_status::in_progress) {
        if (auto const ended = interrupt(db, left.value); !ended) return std::unexpected(ended.error());
    }
    auto const settled = settle(db, state, left);
    if (!settled) return std::unexpected(settled.error());
    return true;
}

result<void> settle_own(session& db, stored_message const& own) {
    auto const& value = own.value;
    for (int round = 0; round < most_rounds_in_a_chat; ++round) {
        auto const state = find_state(db, value.interaction_id);
        if (!state) return std::unexpected(state.error());
        bool const there = *state && (*state)->last_seq >= value.seq;
        // What comes before it may make its branch, so nothing is known before that is settled.
        bool const next = *state && (*state)->last_seq + 1 == value.seq;
        if (!*state || (there && !(*state)->tree.has(value.branch_id)) || (next && !belongs(**state, own))) {
            if (auto const gone = remove(db, own); !gone) return gone;
            return interaction_not_found();
        }
        if (there) return {};
        auto const moved = next ? settle(db, **state, own) : settle_foreign(db, **state);
        if (!moved) return std::unexpected(moved.error());
        if (next || *moved) continue;
        if ((*state)->turn) return try_later("a turn has not stored its messages yet");
        // Nothing stands before it: it is of a deleted interaction whose numbers went further.
        if (auto const gone = remove(db, own); !gone) return gone;
        return interaction_not_found();
    }
    return internal_error("a message could not be settled");
}

result<void> settle_up_to(session& db, interaction_id const& in, std::int64_t seq) {
    for (int round = 0; round < most_rounds_in_a_chat; ++round) {
        auto const state = find_state(db, in);
        if (!state) return std::unexpected(state.error());
        if (!*state || (*state)->last_visible() >= seq) return {};
        auto const moved = settle_foreign(db, **state);
        if (!moved) return std::unexpected(moved.error());
        if (!*moved) return {};
    }
    return internal_error("messages could not be settled");
}

result<void> end_waiting(session& db, interaction_state const& state) {
    // A reply that comes to wait meanwhile moves last_seq.
    auto const done = db.update_one(interactions, as_read(state), doc("$set", doc("work", idle)));
    if (!done) return std::unexpected(done.error());
    return {};
}

}  // namespace parley::mongo
