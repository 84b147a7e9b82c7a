#include "adapters/mongo/turn_waiting.hpp"

#include "adapters/mongo/settling.hpp"
#include "adapters/mongo/turn_messages.hpp"

namespace parley::mongo {

result<bool> settle_running(session& db, interaction_state const& in) {
    auto const& turn = *in.turn;
    if (turn.adds == 0) return true;
    auto const reply = find_message(db, turn.reply);
    if (!reply) return std::unexpected(reply.error());
    bool const stored = *reply && (*reply)->value.interaction_id == in.value.interaction_id &&
                        (*reply)->value.seq == in.last_seq + turn.adds;
    if (!stored) return false;
    auto const settled = settle_claim(db, in);
    if (!settled) return std::unexpected(settled.error());
    return true;
}

result<std::optional<turn_start>> queue_turn(session& db, turn_draft const& draft,
                                             interaction_state const& in) {
    using outcome = std::optional<turn_start>;
    auto const asked = asked_message(draft, in, end_of(in), in.last_seq + 1);
    auto const reply = reply_message(draft, in, behind(asked.value), in.last_seq + 2, std::nullopt);
    array documents;
    documents.push(to_document(asked)).push(to_document(reply));
    auto const stored = db.insert(messages, documents);
    if (stored.refused && !is_duplicate(stored.refused->code)) return std::unexpected(stored.refused->what);
    if (stored.refused) {
        // The number is taken: by somebody who has moved on, or by one who needs help.
        if (auto const helped = settle_foreign(db, in); !helped) return std::unexpected(helped.error());
        return outcome{};
    }
    auto const settled = settle_waiting(db, in, asked.value, reply.value);
    if (!settled) return std::unexpected(settled.error());
    if (*settled) {
        return turn_start{lease_of(draft, 0), in.shown(asked.value), in.shown(reply.value)};
    }
    if (auto const done = settle_own(db, reply); !done) return std::unexpected(done.error());
    return outcome{};
}

}  // namespace parley::mongo
