#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/places.hpp"
#include "adapters/mongo/rounds.hpp"
#include "adapters/mongo/settling.hpp"
#include "adapters/mongo/turn_claim.hpp"
#include "services/store_errors.hpp"

#include <array>

namespace parley::mongo {
namespace {

// Each round another writer has made progress.
stored_message message_at(message_addition const& wanted, interaction_state const& in, spot const& at) {
    auto out = placed(in, at, wanted.message_id, in.last_seq + 1, wanted.now);
    out.role = wanted.message.role;
    out.content = wanted.message.content;
    out.metadata = wanted.message.metadata;
    out.tool_call_id = wanted.message.tool_call_id;
    out.transformed_content = wanted.transformed_content;
    auto tree = in.tree;
    if (at.made) tree.forks.push_back(*at.made);
    out.sibling = tree.sibling_of(out);
    return {.value = std::move(out), .made = made_at(in, at)};
}

class adding {
public:
    adding(session& db, message_addition const& wanted) : db_(db), wanted_(wanted) {}

    /// Nothing: try again.
    result<std::optional<message>> round() {
        auto const in = find_own_state(db_, wanted_.user_id, wanted_.interaction_id);
        if (!in) return std::unexpected(in.error());
        auto const busy = in->busy_with();
        bool const at_end = !wanted_.place && !wanted_.seen;
        if (!busy && in->work == waiting) {
            if (auto const done = end_waiting(db_, *in); !done) return std::unexpected(done.error());
            return std::optional<message>{};
        }
        if (!busy && at_end) return put(*in, end_of(*in));

        std::array const ids{std::optional{wanted_.message_id}, wanted_.place.value_or(std::nullopt)};
        auto const known = find_messages(db_, ids);
        if (!known) return std::unexpected(known.error());
        auto const* const stored = known->find(wanted_.message_id);
        if (stored != nullptr && stored->value.interaction_id == wanted_.interaction_id) {
            return repeated(*in, stored->value);
        }
        if (is_outdated(wanted_.seen, in->last_visible())) return newer_messages();
        if (busy) {
            auto const over = release_ended(db_, *in, wanted_.now);
            if (!over) return std::unexpected(over.error());
            if (*over) return std::optional<message>{};
            return turn_in_progress(*busy);
        }
        if (stored != nullptr) return message_exists();
        auto const at = find_spot(*in, wanted_.place, known->find(ids[1]), wanted_.fork);
        if (!at) return std::unexpected(at.error());
        return put(*in, *at);
    }

private:
    result<std::optional<message>> put(interaction_state const& in, spot const& at) {
        auto const fresh = message_at(wanted_, in, at);
        array documents;
        documents.push(to_document(fresh));
        auto const outcome = db_.insert(messages, documents);
        if (!outcome.refused) {
            auto const done = settle(db_, in, fresh);
            if (!done) return std::unexpected(done.error());
            if (*done) return fresh.value;
            return settled(fresh);
        }
        if (!is_duplicate(outcome.refused->code)) return std::unexpected(outcome.refused->what);
        auto const stored = find_message(db_, wanted_.message_id);
        if (!stored) return std::unexpected(stored.error());
        if (*stored) {
            if ((*stored)->value.interaction_id != wanted_.interaction_id) return message_exists();
            return repeated(in, (*stored)->value);
        }
        // The number is taken: by somebody who has moved on, or by one who needs help.
        if (auto const helped = settle_foreign(db_, in); !helped) return std::unexpected(helped.error());
        return std::optional<message>{};
    }

    result<std::optional<message>> settled(stored_message const& own) {
        if (auto const done = settle_own(db_, own); !done) return std::unexpected(done.error());
        auto const in = find_own_state(db_, wanted_.user_id, wanted_.interaction_id);
        if (!in) return std::unexpected(in.error());
        return in->shown(own.value);
    }

    /// It was stored before; by an attempt that came no further, perhaps.
    result<std::optional<message>> repeated(interaction_state const& in, message const& stored) {
        if (is_visible(in, stored)) return in.shown(stored);
        auto const done = settle_up_to(db_, wanted_.interaction_id, stored.seq);
        if (!done) return std::unexpected(done.error());
        return std::optional<message>{};
    }

    session& db_;
    message_addition const& wanted_;
};

}  // namespace

result<message> append_message::run(session& db) const {
    adding attempt{db, wanted};
    for (int round = 0; round < most_rounds_in_a_chat; ++round) {
        auto done = attempt.round();
        if (!done) return std::unexpected(std::move(done.error()));
        if (*done) return std::move(**done);
    }
    return internal_error("no number could be found for a message");
}

}  // namespace parley::mongo
