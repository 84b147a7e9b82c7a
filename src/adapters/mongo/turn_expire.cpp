#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/settling.hpp"
#include "adapters/mongo/turn_claim.hpp"

#include <algorithm>

namespace parley::mongo {
namespace {

// Progress of a turn that is claimed and not written yet: its reply is not stored, or still queued.
constexpr std::int64_t not_begun = -1;

std::int64_t progress_of(stored_message const& reply) {
    return reply.value.status == message_status::queued ? not_begun : reply.progress;
}

/// What its process left behind of a turn whose reply was never stored.
result<void> settle_rest(session& db, interaction_id const& in) {
    for (bool more = true; more;) {
        auto const state = find_state(db, in);
        if (!state) return std::unexpected(state.error());
        if (!*state || (*state)->turn) return {};
        auto const settled = settle_foreign(db, **state);
        if (!settled) return std::unexpected(settled.error());
        more = *settled;
    }
    return {};
}

/// Ends the reply as it was seen, if it has not moved since.
result<std::optional<stored_message>> interrupt(session& db, stored_message const& seen) {
    document filter;
    filter.put("_id", seen.value.message_id)
        .put("interaction", seen.value.interaction_id)
        .put("status", to_text(seen.value.status));
    if (seen.lease) filter.put("lease.epoch", seen.lease->epoch).put("progress", seen.progress);
    auto const set = doc("status", to_text(message_status::interrupted)).put("lease.epoch", 0);
    auto const ended = db.find_and_modify(messages, filter, doc("$set", set));
    if (!ended) return std::unexpected(ended.error());
    if (!*ended) return std::optional<stored_message>{};
    return std::optional{read_message(*(*ended)->get())};
}

bool is_seen(interaction_state const& in, turn_lease const& lease) {
    return in.value.user_id == lease.user_id && in.turn && in.turn->reply == lease.reply_id &&
           in.turn->owner == lease.owner && in.epoch == lease.epoch;
}

}  // namespace

result<std::optional<message>> expire_turn::run(session& db) {
    using outcome = std::optional<message>;
    auto const& lease = seen.lease;
    auto const in = find_state(db, lease.interaction_id);
    if (!in) return std::unexpected(in.error());
    if (!*in) return outcome{};
    auto found = find_message(db, lease.reply_id);
    if (!found) return std::unexpected(found.error());
    bool const stored = *found && (*found)->value.interaction_id == lease.interaction_id;
    // An attempt of ours may have done it, whose answer was lost.
    bool const by_us = sent && stored && (*found)->value.status == message_status::interrupted;
    if (!is_seen(**in, lease)) return by_us ? outcome{(*in)->shown((*found)->value)} : outcome{};
    if (!stored && seen.progress != not_begun) return outcome{};
    if (!stored) {
        auto const ended = end_claim(db, lease.interaction_id, lease.reply_id, lease.epoch, nullptr, now);
        if (!ended) return std::unexpected(ended.error());
        if (auto const done = settle_rest(db, lease.interaction_id); !done) {
            return std::unexpected(done.error());
        }
        return outcome{};
    }
    if (is_final((*found)->value.status)) {
        // Somebody ended it and died before he released the claim.
        auto const ended = end_claim(db, lease.interaction_id, lease.reply_id, lease.epoch, &**found, now);
        if (!ended) return std::unexpected(ended.error());
        return by_us ? outcome{(*in)->shown((*found)->value)} : outcome{};
    }
    if (progress_of(**found) != seen.progress) return outcome{};
    sent = true;
    auto const reply = interrupt(db, **found);
    if (!reply) return std::unexpected(reply.error());
    if (!*reply) return outcome{};
    auto const ended = end_claim(db, lease.interaction_id, lease.reply_id, lease.epoch, &**reply, now);
    if (!ended) return std::unexpected(ended.error());
    return (*in)->shown((*reply)->value);
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
        out.push_back({lease, not_begun});
        replies.push(lease.reply_id);
    }
    if (out.empty()) return out;
    document among;
    among.put_array("$in", replies.members());
    find_options of_replies;
    of_replies.limit = static_cast<std::int64_t>(out.size());
    of_replies.projection = doc("status", 1).put("progress", 1);
    auto const found = db.find(messages, doc("_id", among), of_replies);
    if (!found) return std::unexpected(found.error());
    for (auto const& one : *found) {
        auto const reply = read_message(*one.get());
        auto const at = std::ranges::find_if(
            out, [&](active_turn const& turn) { return turn.lease.reply_id == reply.value.message_id; });
        if (at != out.end()) at->progress = progress_of(reply);
    }
    return out;
}

}  // namespace parley::mongo
