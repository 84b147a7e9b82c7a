#include "adapters/mongo/turn_placing.hpp"

#include "adapters/mongo/rounds.hpp"
#include "adapters/mongo/settling.hpp"
#include "adapters/mongo/turn_messages.hpp"
#include "services/store_errors.hpp"

#include <array>

namespace parley::mongo {
namespace {

// Each round another writer has made progress.
using outcome = std::optional<turn_start>;

class placing {
public:
    placing(session& db, turn_draft const& draft, interaction_state held, spot at,
            std::optional<message> asked)
        : db_(db),
          draft_(draft),
          held_(std::move(held)),
          at_(at),
          asked_(std::move(asked)) {}

    result<outcome> run() {
        for (int round = 0; round < most_rounds; ++round) {
            message said;
            message reply;
            auto const stored = store(said, reply);
            if (!stored.refused)
                return turn_start{lease_of(draft_, held_.epoch), held_.shown(said), held_.shown(reply)};
            if (!is_duplicate(stored.refused->code)) {
                // A large message is no reason to keep the interaction claimed.
                if (stored.refused->what.kind == error_kind::too_large) {
                    if (auto const done = give_up(); !done) return std::unexpected(done.error());
                }
                return std::unexpected(stored.refused->what);
            }
            auto done = reconcile();
            if (!done || *done || gave_up_) return done;
        }
        return internal_error("no numbers could be found for a turn");
    }

private:
    insert_outcome store(message& said, message& reply) {
        array documents;
        auto seq = held_.last_seq + 1;
        auto at = at_;
        if (asked_) {
            said = *asked_;
        } else {
            auto fresh = asked_message(draft_, held_, at_, seq++);
            documents.push(to_document(fresh));
            said = std::move(fresh.value);
            at = behind(said);
        }
        auto answer = reply_message(draft_, held_, at, seq, lease());
        documents.push(to_document(answer));
        reply = std::move(answer.value);
        return db_.insert(messages, documents);
    }

    [[nodiscard]] reply_lease lease() const {
        reply_lease out{.user_id = draft_.user_id, .owner = draft_.owner, .epoch = held_.epoch};
        // Otherwise the release has a branch to leave, or a reply that waits to go on with.
        if (!held_.turn->branch && held_.queue.empty()) {
            out.adds = held_.turn->adds;
            out.counted = held_.turn->counted;
        }
        return out;
    }

    /// After an id or a number was taken: finds out which, and by whom. Nothing: try again.
    result<outcome> reconcile() {
        auto state = reread_claim(db_, held_);
        if (!state) return std::unexpected(state.error());
        held_ = std::move(*state);
        std::array const ids{std::optional{draft_.user_message_id}, std::optional{draft_.reply_id}};
        auto const known = find_messages(db_, ids);
        if (!known) return std::unexpected(known.error());
        auto const* const said = known->find(ids[0]);
        auto const* const reply = known->find(ids[1]);
        if (reply != nullptr && said != nullptr && is_ours(*reply)) {
            return turn_start{lease_of(draft_, held_.epoch), held_.shown(said->value),
                              held_.shown(reply->value)};
        }
        if (reply != nullptr) return refuse(said, reply->value);
        if (said != nullptr && !asked_) return look_again();
        if (held_.turn->adds == 0) return look_again();
        auto const helped = settle_foreign(db_, held_);
        if (!helped) return std::unexpected(helped.error());
        auto moved = reread_claim(db_, held_);
        if (!moved) return std::unexpected(moved.error());
        held_ = std::move(*moved);
        return follow();
    }

    /// Stored by an attempt whose answer was lost.
    [[nodiscard]] bool is_ours(stored_message const& reply) const {
        return reply.value.interaction_id == draft_.interaction_id && reply.lease &&
               reply.lease->epoch == held_.epoch && reply.lease->owner == draft_.owner;
    }

    /// Messages of others have come before this turn's.
    result<outcome> follow() {
        if (draft_.seen && !asked_) return look_again();
        if (draft_.user_message && !asked_ && !draft_.place) {
            at_ = end_of(held_);
            return outcome{};
        }
        if (at_.made) return outcome{};  // what is forked stays as it is
        auto const head = held_.head_of(at_.branch);
        if (at_.branch == held_.value.active_branch && head == at_.parent) return outcome{};
        return look_again();
    }

    /// The reply's id is taken: by this very turn, which took place before, or by another message. Then what
    /// this turn has stored is taken back as long as the claim keeps others from it.
    result<outcome> refuse(stored_message const* said, message const& reply) {
        bool const another = reply.interaction_id != draft_.interaction_id ||
                             reply.parent_id != draft_.user_message_id ||
                             reply.role != message_role::assistant;
        bool const stored_here = another && said != nullptr && !asked_ &&
                                 said->value.interaction_id == draft_.interaction_id &&
                                 said->value.seq > held_.last_seq;
        if (stored_here) {
            auto const gone = db_.delete_all(messages, doc("_id", draft_.user_message_id));
            if (!gone) return std::unexpected(gone.error());
        }
        return look_again();
    }

    result<outcome> look_again() {
        if (auto const done = give_up(); !done) return std::unexpected(done.error());
        return outcome{};
    }

    result<void> give_up() {
        gave_up_ = true;
        auto const done = end_claim(db_, draft_.interaction_id, draft_.reply_id, held_.epoch, nullptr,
                                    held_.value.updated_at);
        if (!done) return std::unexpected(done.error());
        return {};
    }

    session& db_;
    turn_draft const& draft_;
    interaction_state held_;
    spot at_;
    std::optional<message> asked_;  // it was stored before
    bool gave_up_ = false;
};

}  // namespace

result<std::optional<turn_start>> place_turn(session& db, turn_draft const& draft, interaction_state held,
                                             spot at, std::optional<message> asked) {
    return placing{db, draft, std::move(held), at, std::move(asked)}.run();
}

}  // namespace parley::mongo
