#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/rounds.hpp"
#include "adapters/mongo/settling.hpp"
#include "adapters/mongo/turn_claim.hpp"
#include "services/clock.hpp"

namespace parley::mongo {
namespace {

// Each round another writer has made progress, or a reply that was withdrawn is passed over.
document written_by(turn_lease const& lease) {
    reply_lease const held{.user_id = lease.user_id, .owner = lease.owner, .epoch = lease.epoch};
    return doc("status", to_text(message_status::in_progress))
        .put("lease", to_document(held))
        .put("progress", 0);
}

}  // namespace

result<std::optional<turn_start>> next_turn::run(session& db) {
    for (int round = 0; round < most_rounds; ++round) {
        auto state = find_own_state(db, user_id, interaction_id);
        if (!state) return std::unexpected(state.error());
        std::optional<interaction_state> held;
        if (state->turn) {
            // Ours when an attempt was cut off between its two steps.
            if (state->turn->owner != owner || state->turn->adds > 0) return std::optional<turn_start>{};
            held = std::move(*state);
        } else if (state->queue.empty()) {
            if (state->work != waiting) return std::optional<turn_start>{};
            if (auto const done = end_waiting(db, *state); !done) return std::unexpected(done.error());
        } else {
            tried = state->queue.front();
            auto claimed = claim_first(db, *state, owner, now);
            if (!claimed) return std::unexpected(claimed.error());
            held = std::move(*claimed);
        }
        if (!held) continue;
        auto begun = begin(db, *held);
        if (!begun) return std::unexpected(begun.error());
        if (*begun) return std::move(**begun);
    }
    return internal_error("no reply that waits could be begun");
}

/// Nothing: that reply does not wait any more and was passed over.
result<std::optional<std::optional<turn_start>>> next_turn::begin(session& db,
                                                                  interaction_state const& held) const {
    using outcome = std::optional<std::optional<turn_start>>;
    turn_lease const lease{user_id, interaction_id, held.turn->reply, owner, held.epoch};
    document filter;
    filter.put("_id", lease.reply_id)
        .put("interaction", interaction_id)
        .put("status", to_text(message_status::queued));
    auto const begun = db.find_and_modify(messages, filter, doc("$set", written_by(lease)));
    if (!begun) return std::unexpected(begun.error());
    auto reply = *begun ? std::optional{read_message(*(*begun)->get())} : std::nullopt;
    if (!reply) {
        auto found = find_message(db, lease.reply_id);
        if (!found) return std::unexpected(found.error());
        if (!*found || (*found)->value.status != message_status::in_progress) {
            // It was withdrawn, or its turn was taken for dead.
            auto const ended = end_claim(db, interaction_id, lease.reply_id, held.epoch, nullptr, now);
            if (!ended) return std::unexpected(ended.error());
            return outcome{};
        }
        bool const by_our_first_attempt = tried == lease.reply_id && (*found)->lease->epoch == held.epoch;
        if (!by_our_first_attempt) return outcome{std::optional<turn_start>{}};
        reply = std::move(*found);
    }
    auto const asked = find_message(db, reply->value.parent_id.value_or(message_id{}));
    if (!asked) return std::unexpected(asked.error());
    if (!*asked) return internal_error("a reply waits whose question is not there");
    return outcome{turn_start{lease, held.shown((*asked)->value), held.shown(reply->value)}};
}

result<std::vector<waiting_interaction>> list_waiting::run(session& db) const {
    find_options options;
    options.limit = static_cast<std::int64_t>(limit);
    options.projection = doc("user", 1);
    auto const filter = doc("work", waiting).put("expires", unexpired_at(system_clock{}.now()));
    auto const found = db.find(interactions, filter, options);
    if (!found) return std::unexpected(found.error());
    std::vector<waiting_interaction> out;
    out.reserve(found->size());
    for (auto const& one : *found) {
        out.push_back({id_at<user_id>(*one.get(), "user").value_or(user_id{}),
                       id_at<interaction_id>(*one.get(), "_id").value_or(interaction_id{})});
    }
    return out;
}

}  // namespace parley::mongo
