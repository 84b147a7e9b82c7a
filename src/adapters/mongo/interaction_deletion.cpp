#include "adapters/mongo/interaction_deletion.hpp"

#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/states.hpp"
#include "adapters/mongo/usage.hpp"
#include "services/clock.hpp"
#include "services/store_errors.hpp"

#include <utility>

namespace parley::mongo {
namespace {

/// What hangs on it, but for what its replies have used. What a turn that still runs will have used is told
/// by whoever runs it: it has lost its reply.
result<void> delete_rest(session& db, interaction_id const& id) {
    if (auto kept = keep_usage(db, id); !kept) return kept;
    return delete_contents(db, std::span{&id, 1});
}

}  // namespace

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

result<void> delete_contents(session& db, std::span<interaction_id const> ids) {
    array all;
    for (auto const& one : ids) all.push(one);
    document among;
    among.put_array("$in", all.members());
    for (char const* const collection : {messages, requests}) {
        auto const gone = db.delete_all(collection, doc("interaction", among));
        if (!gone) return std::unexpected(gone.error());
    }
    return {};
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
