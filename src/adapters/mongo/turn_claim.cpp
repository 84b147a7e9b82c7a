#include "adapters/mongo/turn_claim.hpp"

#include "adapters/mongo/rounds.hpp"
#include "services/clock.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

// Each round another writer has made progress.
document claim_document(turn_draft const& draft, bool fresh) {
    int const own = fresh && is_counted(draft.user_message->role) ? 1 : 0;
    document out;
    out.put("reply", draft.reply_id)
        .put("asked", draft.user_message_id)
        .put("owner", draft.owner)
        .put("adds", fresh ? 2 : 1)
        .put("counted", own + 1);
    return out;
}

document claiming(document const& claim, timestamp now) {
    document update;
    update.put("$set", doc("work", in_turn).put("turn", claim)).put("$inc", doc("epoch", 1));
    return update.put("$max", doc("updated", now).put("last_message", now));
}

/// Of one that has not expired.
result<std::optional<interaction_state>> take(session& db, document filter, document const& update) {
    filter.put("expires", unexpired_at(system_clock{}.now()));
    auto const claimed = db.find_and_modify(interactions, filter, update);
    if (!claimed) return std::unexpected(claimed.error());
    if (!*claimed) return std::optional<interaction_state>{};
    return std::optional{read_interaction(*(*claimed)->get())};
}

/// An update of an interaction that is put together by and by.
struct change {
    document set;
    document unset;
    document inc;
    document push;

    [[nodiscard]] document whole() const {
        document out;
        if (!set.empty()) out.put("$set", set);
        if (!unset.empty()) out.put("$unset", unset);
        if (!inc.empty()) out.put("$inc", inc);
        if (!push.empty()) out.put("$push", push);
        return out;
    }
};

void settle_what_it_adds(interaction_state const& held, change& out) {
    auto const& turn = *held.turn;
    auto const last = held.last_seq + turn.adds;
    out.set.put("last_seq", last).add(moved_to(held, held.value.active_branch, {turn.reply, last}));
    out.inc.put("count", turn.counted);
    if (turn.fork) out.push.put("forks", to_document(*turn.fork));
}

bool is_current(interaction_state const& state, message_id const& reply, std::int64_t epoch) {
    return state.turn && state.turn->reply == reply && state.epoch == epoch;
}

}  // namespace

result<std::optional<interaction_state>> claim_end(session& db, turn_draft const& draft) {
    auto const filter = doc("_id", draft.interaction_id).put("user", draft.user_id).put("work", idle);
    return take(db, filter, claiming(claim_document(draft, true), draft.now));
}

result<std::optional<interaction_state>> claim_spot(session& db, turn_draft const& draft,
                                                    interaction_state const& idle_state, spot const& at,
                                                    bool fresh) {
    auto claim = claim_document(draft, fresh);
    if (at.branch != idle_state.active) claim.put("branch", at.branch);
    if (at.made) claim.put("fork", doc("parent", at.made->parent).put("seq", at.made->fork_seq));
    return take(db, as_read(idle_state), claiming(claim, draft.now));
}

result<std::optional<interaction_state>> claim_first(session& db, interaction_state const& waiting_state,
                                                     process_id const& owner, timestamp now) {
    auto const& first = waiting_state.queue.front();
    auto const claim = doc("reply", first).put("owner", owner).put("adds", 0).put("counted", 0);
    // Replies only leave the queue or come behind it: who was first and is in it still is first.
    document filter;
    filter.put("_id", waiting_state.value.interaction_id)
        .put("root", waiting_state.tree.root)
        .put("work", waiting)
        .put("epoch", waiting_state.epoch)
        .put("queue", first);
    document update;
    update.put("$set", doc("work", in_turn).put("turn", claim))
        .put("$inc", doc("epoch", 1))
        .put("$max", doc("updated", now))
        .put("$pull", doc("queue", first));
    return take(db, filter, update);
}

result<interaction_state> reread_claim(session& db, interaction_state const& held) {
    auto state = find_own_state(db, held.value.user_id, held.value.interaction_id);
    if (!state) return std::unexpected(state.error());
    if (!is_current(*state, held.turn->reply, held.epoch)) {
        return try_later("the turn was taken for dead while it was being begun");
    }
    return state;
}

result<bool> settle_claim(session& db, interaction_state const& held) {
    change out;
    settle_what_it_adds(held, out);
    out.set.put("turn.adds", 0).put("turn.counted", 0);
    out.unset.put("turn.branch", "").put("turn.fork", "");
    return db.update_one(interactions, as_read(held), out.whole());
}

result<bool> release_at_once(session& db, stored_message const& reply, std::int64_t epoch, timestamp now) {
    auto const& value = reply.value;
    if (!reply.lease || reply.lease->adds == 0) return false;
    document filter;
    filter.put("_id", value.interaction_id)
        .put("work", in_turn)
        .put("turn.reply", value.message_id)
        .put("turn.adds", reply.lease->adds)
        .put("epoch", epoch)
        .put("last_seq", value.seq - reply.lease->adds);
    document set;
    set.put("work", idle).put("last_seq", value.seq).put("head", value.message_id).put("head_seq", value.seq);
    document update;
    update.put("$set", set)
        .put("$unset", doc("turn", ""))
        .put("$inc", doc("count", reply.lease->counted))
        .put("$max", doc("updated", now));
    return db.update_one(interactions, filter, update);
}

result<std::optional<interaction_state>> end_claim(session& db, interaction_id const& in,
                                                   message_id const& reply_id, std::int64_t epoch,
                                                   stored_message const* reply, timestamp now) {
    for (int round = 0; round < most_rounds; ++round) {
        auto state = find_state(db, in);
        if (!state) return std::unexpected(state.error());
        if (!*state || !is_current(**state, reply_id, epoch)) return std::optional<interaction_state>{};
        auto const& held = **state;
        change out;
        out.set.put("work", held.queue.empty() ? idle : waiting);
        out.unset.put("turn", "");
        bool const stored =
            reply != nullptr && held.turn->adds > 0 && reply->value.seq == held.last_seq + held.turn->adds;
        if (stored) settle_what_it_adds(held, out);
        auto update = out.whole();
        update.put("$max", doc("updated", now));
        auto const done = db.update_one(interactions, as_read(held), update);
        if (!done) return std::unexpected(done.error());
        if (*done) return state;
    }
    return internal_error("a claim could not be released");
}

result<bool> release_ended(session& db, interaction_state const& state, timestamp now) {
    if (!state.turn) return false;
    auto const& turn = *state.turn;
    auto const reply = find_message(db, turn.reply);
    if (!reply) return std::unexpected(reply.error());
    if (!*reply || !(*reply)->lease || !is_final((*reply)->value.status)) return false;
    auto const& lease = *(*reply)->lease;
    // An expired reply has given up its epoch; one that was settled before was not written under this claim.
    bool const unsettled = turn.adds == 0 || (*reply)->value.seq > state.last_seq;
    bool const under_it =
        lease.owner == turn.owner && unsettled && (lease.epoch == state.epoch || lease.epoch == 0);
    if (!under_it) return false;
    auto const ended = end_claim(db, state.value.interaction_id, turn.reply, state.epoch, &**reply, now);
    if (!ended) return std::unexpected(ended.error());
    return true;
}

}  // namespace parley::mongo
