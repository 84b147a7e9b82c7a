#include "adapters/mongo/turn_claim.hpp"

#include "services/clock.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

constexpr int most_rounds = 100;

document claim_document(turn_draft const& draft) {
    int const counted = is_counted(draft.user_message.role) ? 2 : 1;
    document out;
    out.put("reply", draft.reply_id)
        .put("asked", draft.user_message_id)
        .put("owner", draft.owner)
        .put("adds", 2)
        .put("counted", counted);
    return out;
}

document held_by(interaction_id const& in, message_id const& reply, std::int64_t epoch) {
    return doc("_id", in).put("work", in_turn).put("turn.reply", reply).put("epoch", epoch);
}

document freed() { return doc("work", idle); }
document without_turn() { return doc("turn", ""); }

}  // namespace

result<interaction_state> take_claim(session& db, turn_draft const& draft) {
    document update;
    update.put("$set", doc("work", in_turn).put("turn", claim_document(draft)))
        .put("$inc", doc("epoch", 1))
        .put("$max", doc("updated", draft.now).put("last_message", draft.now));
    for (int round = 0; round < most_rounds; ++round) {
        auto const claimed = db.find_and_modify(interactions,
                                                doc("_id", draft.interaction_id)
                                                    .put("user", draft.user_id)
                                                    .put("work", idle)
                                                    .put("expires", unexpired_at(system_clock{}.now())),
                                                update);
        if (!claimed) return std::unexpected(claimed.error());
        if (*claimed) return read_interaction(*(*claimed)->get());
        auto state = find_own_state(db, draft.user_id, draft.interaction_id);
        if (!state) return std::unexpected(state.error());
        if (!state->turn) continue;  // it ended in this moment
        if (state->turn->reply == draft.reply_id && state->turn->owner == draft.owner) return state;
        auto const over = release_ended(db, *state, draft.now);
        if (!over) return std::unexpected(over.error());
        if (!*over) return turn_in_progress(state->turn->reply);
    }
    return internal_error("an interaction could not be claimed");
}

result<interaction_state> reread_claim(session& db, interaction_state const& held) {
    auto state = find_own_state(db, held.value.user_id, held.value.interaction_id);
    if (!state) return std::unexpected(state.error());
    if (state->epoch != held.epoch || !state->turn || state->turn->reply != held.turn->reply) {
        return fail(error_kind::unavailable, "store_unavailable",
                    "The store can not be reached at the moment.", {},
                    "the turn was taken for dead while it was being begun");
    }
    return state;
}

result<void> drop_claim(session& db, interaction_state const& held) {
    document update;
    update.put("$set", freed()).put("$unset", without_turn());
    auto const dropped =
        db.update_one(interactions, held_by(held.value.interaction_id, held.turn->reply, held.epoch), update);
    if (!dropped) return std::unexpected(dropped.error());
    return {};
}

result<void> shrink_claim(session& db, interaction_state& held) {
    held.turn->adds = 1;
    held.turn->counted = 1;
    auto const smaller = doc("turn.adds", 1).put("turn.counted", 1);
    auto const done = db.update_one(
        interactions, held_by(held.value.interaction_id, held.turn->reply, held.epoch), doc("$set", smaller));
    if (!done) return std::unexpected(done.error());
    return {};
}

result<bool> release_claim(session& db, message const& reply, reply_lease const& lease, timestamp now) {
    document set = freed();
    set.put("last_seq", reply.seq).put("head", reply.message_id);
    document update;
    update.put("$set", set)
        .put("$unset", without_turn())
        .put("$inc", doc("count", lease.counted))
        .put("$max", doc("updated", now));
    return db.update_one(interactions, held_by(reply.interaction_id, reply.message_id, lease.epoch), update);
}

result<bool> release_ended(session& db, interaction_state const& claimed, timestamp now) {
    auto const reply = find_message(db, claimed.turn->reply);
    if (!reply) return std::unexpected(reply.error());
    if (!*reply || !(*reply)->lease || !is_final((*reply)->value.status)) return false;
    auto lease = *(*reply)->lease;
    // An expired reply has given up its epoch; one that was settled before was not written under this claim.
    bool const under_it = lease.owner == claimed.turn->owner && (*reply)->value.seq > claimed.last_seq &&
                          (lease.epoch == claimed.epoch || lease.epoch == 0);
    if (!under_it) return false;
    lease.epoch = claimed.epoch;
    auto const released = release_claim(db, (*reply)->value, lease, now);
    if (!released) return std::unexpected(released.error());
    return true;
}

result<bool> abandon_claim(session& db, turn_lease const& lease, timestamp now) {
    auto filter = held_by(lease.interaction_id, lease.reply_id, lease.epoch);
    filter.put("user", lease.user_id).put("turn.owner", lease.owner);
    document update;
    update.put("$set", freed()).put("$unset", without_turn()).put("$max", doc("updated", now));
    return db.update_one(interactions, filter, update);
}

}  // namespace parley::mongo
