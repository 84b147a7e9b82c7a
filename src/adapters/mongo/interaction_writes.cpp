#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/rounds.hpp"
#include "adapters/mongo/settling.hpp"
#include "adapters/mongo/turn_claim.hpp"
#include "adapters/mongo/usage.hpp"
#include "services/clock.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

/// Whether the two differ in anything that a patch may change.
bool differ(interaction const& a, interaction const& b) {
    return a.title != b.title || a.settings != b.settings || a.metadata != b.metadata ||
           a.pinned != b.pinned || a.archived != b.archived || a.expires_at != b.expires_at ||
           a.active_branch != b.active_branch;
}

std::unexpected<error> may_have_happened() {
    return fail(error_kind::unavailable, "store_unavailable", "The store can not be reached at the moment.",
                {}, "the answer to a change was lost, and somebody has changed the same since");
}

/// A branch that is no more than forked does not come up: its first message comes with it.
branch_head end_of(interaction_state const& in, branch_id const& branch) {
    return in.head_of(branch).value_or(branch_head{});
}

/// Over what is left of a deleted one with the same id. False when it is not deleted.
result<bool> replace_deleted(session& db, interaction const& value) {
    auto const filter = doc("_id", value.interaction_id).put("work", removed);
    auto const left = db.find_one(interactions, filter);
    if (!left) return std::unexpected(left.error());
    if (!*left) return false;
    if (auto const kept = keep_usage(db, value.interaction_id); !kept) return std::unexpected(kept.error());
    if (auto const gone = db.delete_all(messages, doc("interaction", value.interaction_id)); !gone) {
        return std::unexpected(gone.error());
    }
    return db.update_one(interactions, filter, to_document(value));
}

}  // namespace

result<void> create_interaction::run(session& db) const {
    array documents;
    documents.push(to_document(value));
    auto const outcome = db.insert(interactions, documents);
    if (!outcome.refused) return {};
    if (!is_duplicate(outcome.refused->code)) return std::unexpected(outcome.refused->what);
    auto const there = find_state(db, value.interaction_id);
    if (!there) return std::unexpected(there.error());
    // An earlier attempt whose answer was lost: nobody else makes the same branch.
    if (*there && (*there)->tree.root == value.active_branch && (*there)->value.user_id == value.user_id)
        return {};
    if (*there) return interaction_exists();
    auto const replaced = replace_deleted(db, value);
    if (!replaced) return std::unexpected(replaced.error());
    if (!*replaced) return interaction_exists();
    return {};
}

result<interaction> update_interaction::run(session& db) {
    for (int round = 0; round < most_rounds; ++round) {
        auto const before = find_own_state(db, user_id, interaction_id);
        if (!before && !sent) return std::unexpected(before.error());
        if (!before) return expired_by_us(db, before.error());
        if (before->patch == change) return before->value;
        if (if_version && *if_version != before->value.version) {
            if (sent) return may_have_happened();
            return version_mismatch();
        }
        auto const after = apply(patch, before->value, now);
        if (!differ(before->value, after)) return before->value;
        bool const moves = after.active_branch != before->value.active_branch;
        if (moves && !before->tree.has(after.active_branch)) return branch_not_found("active_branch");
        if (auto const busy = before->busy_with(); moves && busy) {
            auto const over = release_ended(db, *before, now);
            if (!over) return std::unexpected(over.error());
            if (*over) continue;
            return turn_in_progress(*busy);
        }
        if (moves && before->work == waiting) {
            if (auto const done = end_waiting(db, *before); !done) return std::unexpected(done.error());
            continue;
        }
        // Who goes to another branch must know where the branches end.
        auto filter = moves ? as_read(*before) : doc("_id", interaction_id).put("work", still_there());
        filter.put("user", user_id).put("version", before->value.version);
        auto set = patchable_members(after);
        if (moves) set.add(moved_to(*before, after.active_branch, end_of(*before, after.active_branch)));
        set.put("version", after.version).put("patch", change);
        if (!after.expires_at) set.put_null("expires");
        document update;
        update.put("$set", set).put("$max", doc("updated", now));
        sent = true;
        auto const changed = db.find_and_modify(interactions, filter, update);
        if (!changed) return std::unexpected(changed.error());
        sent = false;  // it was answered
        if (*changed) return read_interaction(*(*changed)->get()).value;
    }
    return internal_error("an interaction could not be changed");
}

result<std::optional<interaction>> suggest_title::run(session& db) const {
    using outcome = std::optional<interaction>;
    document filter;
    filter.put("_id", interaction_id)
        .put("user", user_id)
        .put("work", still_there())
        .put("expires", unexpired_at(system_clock{}.now()))
        .put("title", "");
    document update;
    update.put("$set", doc("title", std::string_view{title}).put("patch", change))
        .put("$inc", doc("version", 1))
        .put("$max", doc("updated", now));
    auto const named = db.find_and_modify(interactions, filter, update);
    if (!named) return std::unexpected(named.error());
    if (*named) return outcome{read_interaction(*(*named)->get()).value};
    auto const there = find_own_state(db, user_id, interaction_id);
    if (!there) return std::unexpected(there.error());
    return there->patch == change ? outcome{there->value} : outcome{};
}

result<interaction> update_interaction::expired_by_us(session& db, error const& why) const {
    auto const there = find_state(db, interaction_id);
    if (!there) return std::unexpected(there.error());
    if (*there && (*there)->patch == change) return (*there)->value;
    return std::unexpected(why);
}

}  // namespace parley::mongo
