#include "adapters/mongo/states.hpp"

#include "services/clock.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

// Each round another writer has made progress.
constexpr int most_rounds = 1000;

document place_of(interaction_id const& in, std::int64_t seq) {
    return doc("interaction", in).put("seq", seq);
}

}  // namespace

document unexpired_at(timestamp now) { return doc("$not", doc("$lte", now)); }

result<std::optional<interaction_state>> find_state(session& db, interaction_id const& id) {
    auto const found = db.find_one(interactions, doc("_id", id));
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::optional<interaction_state>{};
    auto state = read_interaction(*(*found)->get());
    if (state.work == removed) return std::optional<interaction_state>{};
    return std::optional{std::move(state)};
}

result<interaction_state> find_own_state(session& db, user_id const& user, interaction_id const& id,
                                         read_from where) {
    auto const found = db.find_one(interactions, doc("_id", id).put("user", user), where);
    if (!found) return std::unexpected(found.error());
    if (!*found) return interaction_not_found();
    auto state = read_interaction(*(*found)->get());
    if (state.work == removed || is_expired(state.value, system_clock{}.now()))
        return interaction_not_found();
    return state;
}

result<std::optional<stored_message>> find_message(session& db, message_id const& id) {
    auto const found = db.find_one(messages, doc("_id", id));
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::optional<stored_message>{};
    return std::optional{read_message(*(*found)->get())};
}

result<bool> settle(session& db, interaction_state const& state, message const& next) {
    document filter;
    filter.put("_id", state.value.interaction_id)
        .put("root", state.root)  // not another one that was made anew under the same id
        .put("last_seq", state.last_seq)
        .put("epoch", state.epoch)
        .put("work", state.work);
    document set;
    set.put("last_seq", next.seq);
    if (next.branch_id == state.value.active_branch) set.put("head", next.message_id);
    document update;
    update.put("$set", set)
        .put("$inc", doc("count", is_counted(next.role) ? 1 : 0))
        .put("$max", doc("updated", next.created_at).put("last_message", next.created_at));
    return db.update_one(interactions, filter, update);
}

result<bool> settle_foreign(session& db, interaction_state const& state) {
    auto const found = db.find_one(messages, place_of(state.value.interaction_id, state.last_seq + 1));
    if (!found) return std::unexpected(found.error());
    if (!*found) return false;
    auto left = read_message(*(*found)->get());
    if (!state.has_branch(left.value.branch_id)) {
        // Of a deleted interaction that had the same id: its write came late.
        auto const gone = db.delete_all(messages, doc("_id", left.value.message_id));
        if (!gone) return std::unexpected(gone.error());
        return true;
    }
    if (!is_final(left.value.status)) {
        document const filter = doc("_id", left.value.message_id).put("status", to_text(left.value.status));
        auto const set = doc("status", to_text(message_status::interrupted)).put("lease.epoch", 0);
        auto const ended = db.update_one(messages, filter, doc("$set", set));
        if (!ended) return std::unexpected(ended.error());
    }
    auto const settled = settle(db, state, left.value);
    if (!settled) return std::unexpected(settled.error());
    return true;
}

result<void> settle_own(session& db, message const& own) {
    for (int round = 0; round < most_rounds; ++round) {
        auto const state = find_state(db, own.interaction_id);
        if (!state) return std::unexpected(state.error());
        if (!*state || !(*state)->has_branch(own.branch_id)) {
            auto const gone = db.delete_all(messages, doc("_id", own.message_id));
            if (!gone) return std::unexpected(gone.error());
            return interaction_not_found();
        }
        if ((*state)->last_seq >= own.seq) return {};
        auto const moved =
            (*state)->last_seq + 1 == own.seq ? settle(db, **state, own) : settle_foreign(db, **state);
        if (!moved) return std::unexpected(moved.error());
    }
    return internal_error("a message could not be settled");
}

}  // namespace parley::mongo
