#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/settling.hpp"
#include "adapters/mongo/turn_claim.hpp"
#include "adapters/mongo/usage.hpp"
#include "services/clock.hpp"
#include "services/store_errors.hpp"

#include <utility>

namespace parley::mongo {
namespace {

constexpr int most_rounds = 100;

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

/// Marks one as deleted: from then on nobody sees it; what hangs on it goes next, or by the sweeper. Whether
/// one matched.
result<bool> mark_removed(session& db, document const& filter) {
    document set;
    set.put("work", removed).put("flags", removed_flag).put("deleted", system_clock{}.now());
    document contents;
    for (char const* const key : {"title", "settings", "metadata", "turn", "queue", "head", "head_seq",
                                  "heads", "forks", "patch", "expires"}) {
        contents.put(key, "");
    }
    document update;
    update.put("$set", set).put("$unset", contents);
    return db.update_one(interactions, filter, update);
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

/// What hangs on it, but for what its replies have used. What a turn that still runs will have used is told
/// by whoever runs it: it has lost its reply.
result<void> delete_rest(session& db, interaction_id const& id) {
    if (auto kept = keep_usage(db, id); !kept) return kept;
    auto const gone = db.delete_all(messages, doc("interaction", id));
    if (!gone) return std::unexpected(gone.error());
    auto const forgotten = db.delete_all(requests, doc("interaction", id));
    if (!forgotten) return std::unexpected(forgotten.error());
    return {};
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

result<void> delete_interaction::run(session& db) {
    document filter;
    filter.put("_id", interaction_id)
        .put("user", user_id)
        .put("work", still_there())
        .put("version", if_version)
        .put("expires", unexpired_at(system_clock{}.now()));
    bool const repeated = std::exchange(sent, true);
    auto const marked = mark_removed(db, filter);
    if (!marked) return std::unexpected(marked.error());
    if (!*marked) {
        auto const there = find_own_state(db, user_id, interaction_id);
        if (there) return version_mismatch();
        bool const gone_already = repeated && there.error().kind == error_kind::not_found;
        if (!gone_already) return std::unexpected(there.error());
        auto const left =
            db.find_one(interactions, doc("_id", interaction_id).put("user", user_id).put("work", removed));
        if (!left) return std::unexpected(left.error());
        if (!*left) return interaction_not_found();
    }
    return delete_rest(db, interaction_id);
}

result<std::size_t> delete_expired::run(session& db) const {
    auto const expired = doc("$lte", now);
    find_options options;
    options.limit = static_cast<std::int64_t>(limit);
    options.sort = doc("expires", 1);
    options.projection = doc("expires", 1);
    auto const found = db.find(interactions, doc("expires", expired), options);
    if (!found) return std::unexpected(found.error());
    std::size_t deleted = 0;
    for (auto const& one : *found) {
        auto const id = id_at<parley::interaction_id>(*one.get(), "_id");
        if (!id) continue;
        // Not one that somebody else has deleted or been given more time since.
        auto const filter = doc("_id", *id).put("expires", expired).put("work", still_there());
        auto const marked = mark_removed(db, filter);
        if (!marked) return std::unexpected(marked.error());
        if (!*marked) continue;
        ++deleted;
        if (auto const gone = delete_rest(db, *id); !gone) return std::unexpected(gone.error());
    }
    return deleted;
}

result<std::int64_t> sweep_deleted::run(session& db) const {
    find_options options;
    options.limit = limit;
    options.projection = doc("deleted", 1);
    auto const left = db.find(interactions, doc("work", removed), options);
    if (!left) return std::unexpected(left.error());
    std::int64_t forgotten = 0;
    for (auto const& one : *left) {
        auto const id = id_at<parley::interaction_id>(*one.get(), "_id");
        if (!id) continue;
        if (auto const gone = delete_rest(db, *id); !gone) return std::unexpected(gone.error());
        if (time_at(*one.get(), "deleted").value_or(timestamp{}) >= before) continue;
        auto const forgot = db.delete_all(interactions, doc("_id", *id).put("work", removed));
        if (!forgot) return std::unexpected(forgot.error());
        ++forgotten;
    }
    return forgotten;
}

}  // namespace parley::mongo
