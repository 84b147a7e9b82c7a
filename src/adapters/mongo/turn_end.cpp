#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/turn_claim.hpp"
#include "services/store_errors.hpp"

#include <algorithm>

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

/// Releases the claim of a reply that has ended. Where somebody else has released it before the reply was
/// there, the reply is settled now. Errors: turn_lost when the interaction has gone.
result<void> close_turn(session& db, stored_message const& reply, std::int64_t epoch, timestamp now) {
    auto lease = *reply.lease;
    lease.epoch = epoch;
    auto const released = release_claim(db, reply.value, lease, now);
    if (!released) return std::unexpected(released.error());
    if (*released) return {};
    auto const settled = settle_own(db, reply.value);
    if (!settled && settled.error().kind == error_kind::not_found) return turn_lost();
    return settled;
}

/// A finish that comes again finds its reply ended under its own claim; any other has lost the turn.
result<message> finished_before(session& db, finish_turn const& wanted) {
    auto const stored = find_message(db, wanted.lease.reply_id);
    if (!stored) return std::unexpected(stored.error());
    if (!*stored || !is_of(**stored, wanted.lease) || !is_final((*stored)->value.status) ||
        (*stored)->lease->epoch != wanted.lease.epoch) {
        return turn_lost();
    }
    auto const closed = close_turn(db, **stored, wanted.lease.epoch, wanted.outcome.now);
    if (!closed) return std::unexpected(closed.error());
    return (*stored)->value;
}

message ended_by(turn_outcome const& outcome) {
    message out;
    out.status = outcome.status;
    out.content = outcome.content;
    out.finish_reason = outcome.finish_reason;
    out.usage = outcome.usage;
    out.timings = outcome.timings;
    out.error = outcome.error;
    return out;
}

/// A claim whose reply was never stored: what its process left behind is settled.
result<void> abandon(session& db, turn_lease const& lease, timestamp now) {
    auto const freed = abandon_claim(db, lease, now);
    if (!freed) return std::unexpected(freed.error());
    for (bool more = *freed; more;) {
        auto const state = find_state(db, lease.interaction_id);
        if (!state) return std::unexpected(state.error());
        if (!*state || (*state)->turn) return {};
        auto const settled = settle_foreign(db, **state);
        if (!settled) return std::unexpected(settled.error());
        more = *settled;
    }
    return {};
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

result<message> finish_turn::run(session& db) const {
    if (!is_final(outcome.status)) return internal_error("a turn must end with a final status");
    auto const ended =
        db.find_and_modify(messages, written_under(lease), doc("$set", ended_members(ended_by(outcome))));
    if (!ended) return std::unexpected(ended.error());
    if (!*ended) return finished_before(db, *this);
    auto const reply = read_message(*(*ended)->get());
    auto const closed = close_turn(db, reply, lease.epoch, outcome.now);
    if (!closed) return std::unexpected(closed.error());
    return reply.value;
}

result<std::optional<message>> expire_turn::run(session& db) {
    using outcome = std::optional<message>;
    auto const& lease = seen.lease;
    if (seen.progress < 0) {
        auto const stored = find_message(db, lease.reply_id);
        if (!stored) return std::unexpected(stored.error());
        if (*stored) return outcome{};
        auto const done = abandon(db, lease, now);
        if (!done) return std::unexpected(done.error());
        return outcome{};
    }
    auto filter = written_under(lease);
    filter.put("progress", seen.progress);
    auto const set = doc("status", to_text(message_status::interrupted)).put("lease.epoch", 0);
    bool const repeated = std::exchange(sent, true);
    auto const ended = db.find_and_modify(messages, filter, doc("$set", set));
    if (!ended) return std::unexpected(ended.error());
    auto stored = *ended ? std::optional{read_message(*(*ended)->get())} : std::nullopt;
    bool const by_us = stored.has_value();
    if (!stored) {
        auto found = find_message(db, lease.reply_id);
        if (!found) return std::unexpected(found.error());
        stored = std::move(*found);
        // Somebody ended it and died before he released the claim.
        bool const left = stored && is_of(*stored, lease) && is_final(stored->value.status) &&
                          (stored->lease->epoch == lease.epoch || stored->lease->epoch == 0);
        if (!left) return outcome{};
    }
    auto released_lease = *stored->lease;
    released_lease.epoch = lease.epoch;
    auto const released = release_claim(db, stored->value, released_lease, now);
    if (!released) return std::unexpected(released.error());
    bool const by_our_first_attempt = repeated && stored->lease->epoch == 0;
    if (by_us || by_our_first_attempt) return std::move(stored->value);
    return outcome{};
}

result<std::vector<active_turn>> list_active_turns::run(session& db) const {
    find_options options;
    options.limit = static_cast<std::int64_t>(limit);
    options.projection = doc("user", 1).put("work", 1).put("epoch", 1).put("turn", 1);
    auto const claimed = db.find(interactions, doc("work", in_turn), options);
    if (!claimed) return std::unexpected(claimed.error());
    std::vector<active_turn> out;
    array replies;
    for (auto const& one : *claimed) {
        auto const state = read_interaction(*one.get());
        if (!state.turn) continue;
        turn_lease const lease{state.value.user_id, state.value.interaction_id, state.turn->reply,
                               state.turn->owner, state.epoch};
        out.push_back({lease, -1});
        replies.push(lease.reply_id);
    }
    if (out.empty()) return out;
    document among;
    among.put_array("$in", replies.members());
    find_options of_replies;
    of_replies.limit = static_cast<std::int64_t>(out.size());
    of_replies.projection = doc("progress", 1);
    auto const found = db.find(messages, doc("_id", among), of_replies);
    if (!found) return std::unexpected(found.error());
    for (auto const& one : *found) {
        auto const id = id_at<message_id>(*one.get(), "_id");
        auto const at = std::ranges::find_if(
            out, [&](active_turn const& turn) { return id && turn.lease.reply_id == *id; });
        if (at != out.end()) at->progress = number_at(*one.get(), "progress").value_or(0);
    }
    return out;
}

}  // namespace parley::mongo
