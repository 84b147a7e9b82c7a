#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/turn_claim.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

constexpr int most_rounds = 100;

/// Puts the two messages of a turn behind the last settled one of a claimed interaction.
class placing {
public:
    placing(session& db, turn_draft const& draft, interaction_state held)
        : db_(db),
          draft_(draft),
          held_(std::move(held)) {}

    result<turn_start> run() {
        for (int round = 0; round < most_rounds; ++round) {
            auto const outcome = store();
            if (!outcome.refused) return started();
            if (!is_duplicate(outcome.refused->code)) {
                // A large message is no reason to keep the interaction claimed.
                if (outcome.refused->what.kind == error_kind::too_large)
                    return give_up(outcome.refused->what);
                return std::unexpected(outcome.refused->what);
            }
            auto done = reconcile();
            if (!done) return std::unexpected(done.error());
            if (*done) return std::move(**done);
        }
        return internal_error("no numbers could be found for a turn");
    }

private:
    [[nodiscard]] message next(message_id const& id, std::optional<message_id> const& parent,
                               std::int64_t seq) const {
        message out;
        out.interaction_id = draft_.interaction_id;
        out.message_id = id;
        out.parent_id = parent;
        out.branch_id = held_.value.active_branch;
        out.seq = seq;
        out.created_at = draft_.now;
        return out;
    }

    insert_outcome store() {
        array documents;
        auto seq = held_.last_seq;
        if (!asked_) {
            auto fresh = next(draft_.user_message_id, held_.head, ++seq);
            fresh.role = draft_.user_message.role;
            fresh.content = draft_.user_message.content;
            fresh.metadata = draft_.user_message.metadata;
            fresh.transformed_content = draft_.transformed_content;
            documents.push(to_document(fresh, std::nullopt));
            fresh_ = std::move(fresh);
        } else {
            seq = asked_->seq;
        }
        reply_ = next(draft_.reply_id, draft_.user_message_id, seq + 1);
        reply_.role = message_role::assistant;
        reply_.status = message_status::in_progress;
        reply_.content = std::string{};
        reply_.model_name = draft_.model_name;
        reply_lease const lease{draft_.user_id, draft_.owner, held_.epoch, held_.turn->adds,
                                held_.turn->counted};
        documents.push(to_document(reply_, lease));
        return db_.insert(messages, documents);
    }

    [[nodiscard]] turn_start started() {
        return {lease(held_.epoch), asked_ ? std::move(*asked_) : std::move(fresh_), std::move(reply_)};
    }
    [[nodiscard]] turn_lease lease(std::int64_t epoch) const {
        return {draft_.user_id, draft_.interaction_id, draft_.reply_id, draft_.owner, epoch};
    }

    result<turn_start> give_up(error why) {
        if (auto const dropped = drop_claim(db_, held_); !dropped) return std::unexpected(dropped.error());
        return std::unexpected(std::move(why));
    }

    /// After an id or a number was taken: finds out which, and by whom. Nothing: try again.
    result<std::optional<turn_start>> reconcile() {
        auto state = reread_claim(db_, held_);
        if (!state) return std::unexpected(state.error());
        held_ = std::move(*state);
        auto asked = find_message(db_, draft_.user_message_id);
        if (!asked) return std::unexpected(asked.error());
        auto reply = find_message(db_, draft_.reply_id);
        if (!reply) return std::unexpected(reply.error());
        if (*reply) return with_reply(std::move(*asked), std::move(**reply));
        if (*asked) return with_asked(std::move((*asked)->value));
        auto const helped = settle_foreign(db_, held_);
        if (!helped) return std::unexpected(helped.error());
        auto moved = reread_claim(db_, held_);
        if (!moved) return std::unexpected(moved.error());
        held_ = std::move(*moved);
        return std::optional<turn_start>{};
    }

    result<std::optional<turn_start>> with_reply(std::optional<stored_message> asked, stored_message reply) {
        bool const ours = asked && reply.value.interaction_id == draft_.interaction_id &&
                          asked->value.interaction_id == draft_.interaction_id &&
                          reply.value.parent_id == draft_.user_message_id &&
                          reply.value.role == message_role::assistant;
        if (!ours) return refuse(asked);
        auto const epoch = reply.lease ? reply.lease->epoch : 0;
        if (epoch != held_.epoch) {
            // The turn took place before; this claim was for nothing.
            if (auto const done = drop_claim(db_, held_); !done) return std::unexpected(done.error());
        }
        return turn_start{lease(epoch), std::move(asked->value), std::move(reply.value)};
    }

    result<std::optional<turn_start>> with_asked(message asked) {
        if (asked.interaction_id != draft_.interaction_id || asked.role != message_role::user) {
            return refuse(std::nullopt);
        }
        if (asked.seq == held_.last_seq && held_.head == asked.message_id) {
            if (auto const done = shrink_claim(db_, held_); !done) return std::unexpected(done.error());
        } else if (asked.seq != held_.last_seq + 1) {
            return refuse(std::nullopt);
        }
        asked_ = std::move(asked);
        return std::optional<turn_start>{};
    }

    /// An id belongs to another message. What this turn has stored is taken back.
    result<std::optional<turn_start>> refuse(std::optional<stored_message> const& asked) {
        bool const stored_here = asked && asked->value.interaction_id == draft_.interaction_id &&
                                 asked->value.seq > held_.last_seq;
        if (stored_here) {
            auto const gone = db_.delete_all(messages, doc("_id", asked->value.message_id));
            if (!gone) return std::unexpected(gone.error());
        }
        if (auto const dropped = drop_claim(db_, held_); !dropped) return std::unexpected(dropped.error());
        return message_exists();
    }

    session& db_;
    turn_draft const& draft_;
    interaction_state held_;
    std::optional<message> asked_;  // it was stored before
    message fresh_;
    message reply_;
};

}  // namespace

result<turn_start> begin_turn::run(session& db) const {
    auto held = take_claim(db, draft);
    if (!held) return std::unexpected(held.error());
    return placing{db, draft, std::move(*held)}.run();
}

}  // namespace parley::mongo
