#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/settling.hpp"
#include "adapters/mongo/turn_claim.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

/// The reply while `lease` is current: what all three compete for.
document written_under(turn_lease const& lease) {
    document out;
    out.put("_id", lease.reply_id)
        .put("interaction", lease.interaction_id)
        .put("status", to_text(message_status::in_progress))
        .put("lease.user", lease.user_id)
        .put("lease.owner", lease.owner)
        .put("lease.epoch", lease.epoch);
    return out;
}

bool is_of(stored_message const& reply, turn_lease const& lease) {
    return reply.value.interaction_id == lease.interaction_id && reply.lease &&
           reply.lease->user_id == lease.user_id && reply.lease->owner == lease.owner;
}

/// Releases the claim of a reply that has ended, and gives the reply as readers see it. Where somebody else
/// has released it before the reply was there, the reply is settled now. Errors: turn_lost when the
/// interaction has gone.
result<turn_end> close_turn(session& db, stored_message const& reply, std::int64_t epoch, timestamp now) {
    auto const& value = reply.value;
    auto const at_once = release_at_once(db, reply, epoch, now);
    if (!at_once) return std::unexpected(at_once.error());
    if (*at_once) return turn_end{value};  // nothing was forked beside it meanwhile, and nothing waits
    auto in = end_claim(db, value.interaction_id, value.message_id, epoch, &reply, now);
    if (!in) return std::unexpected(in.error());
    if (!*in) {
        auto const settled = settle_own(db, reply);
        if (!settled && settled.error().kind == error_kind::not_found) return turn_lost();
        if (!settled) return std::unexpected(settled.error());
        in = find_state(db, value.interaction_id);
        if (!in) return std::unexpected(in.error());
    }
    if (!*in) return turn_lost();
    return turn_end{(*in)->shown(value), !(*in)->queue.empty()};
}

/// A finish that comes again finds its reply ended under its own claim; any other has lost the turn.
result<turn_end> finished_before(session& db, finish_turn const& wanted) {
    if (wanted.lease.epoch == 0) return turn_lost();  // nobody's
    auto const stored = find_message(db, wanted.lease.reply_id);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored || !is_of(**stored, wanted.lease) || !is_final((*stored)->value.status) ||
        (*stored)->lease->epoch != wanted.lease.epoch) {
        return turn_lost();
    }
    return close_turn(db, **stored, wanted.lease.epoch, wanted.outcome.now);
}

message ended_by(turn_outcome const& outcome) {
    message out;
    out.status = outcome.status;
    out.content = outcome.content;
    out.finish_reason = outcome.finish_reason;
    out.usage = outcome.usage;
    out.timings = outcome.timings;
    out.error = outcome.error;
    out.tool_calls = outcome.tool_calls;
    out.reasoning = outcome.reasoning;
    out.attempts = outcome.attempts;
    return out;
}

}  // namespace

result<void> checkpoint::run(session& db) const {
    document update;
    update.put("$set", doc("content", content)).put("$inc", doc("progress", 1));
    auto const kept = db.update_one(messages, written_under(lease), update);
    if (!kept) return std::unexpected(kept.error());
    if (!*kept) return turn_lost();
    return {};
}

result<turn_end> finish_turn::run(session& db) const {
    if (!is_final(outcome.status)) return internal_error("a turn must end with a final status");
    auto const ended =
        db.find_and_modify(messages, written_under(lease), doc("$set", ended_members(ended_by(outcome))));
    if (!ended) return std::unexpected(ended.error());
    if (!*ended) return finished_before(db, *this);
    return close_turn(db, read_message(*(*ended)->get()), lease.epoch, outcome.now);
}

}  // namespace parley::mongo
