// What a deleted user leaves: conversations first, a few at a time, then usage and requests, the mark last.
#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/interaction_deletion.hpp"
#include "adapters/mongo/rounds.hpp"
#include "adapters/mongo/states.hpp"
#include "adapters/mongo/user_deletion.hpp"
#include "adapters/mongo/user_document.hpp"

#include <algorithm>

namespace parley::mongo {
namespace {

constexpr std::size_t users_at_once = 500;

// Each round somebody else has marked all that were found.
struct mark {
    user_id user;
    timestamp deleted;
};

result<std::vector<mark>> all_marks(session& db) {
    find_options options;
    options.limit = 0;
    options.projection = doc("deleted", 1);
    auto const found = db.find(users, doc("deleted", is_deleted()), options);
    if (!found) return std::unexpected(found.error());
    std::vector<mark> out;
    out.reserve(found->size());
    for (auto const& one : *found) {
        out.push_back({id_at<user_id>(*one.get(), "_id").value_or(user_id{}),
                       time_at(*one.get(), "deleted").value_or(latest_timestamp)});
    }
    return out;
}

result<std::vector<interaction_id>> conversations_of(session& db, std::span<user_id const> of,
                                                     std::size_t limit) {
    document filter;
    filter.put("user", one_of(of)).put("flags", doc("$lt", removed_flag)).put("work", still_there());
    find_options options;
    options.limit = static_cast<std::int64_t>(limit);
    options.projection = doc("_id", 1);
    auto const found = db.find(interactions, filter, options);
    if (!found) return std::unexpected(found.error());
    std::vector<interaction_id> out;
    for (auto const& one : *found) {
        out.push_back(id_at<interaction_id>(*one.get(), "_id").value_or(interaction_id{}));
    }
    return out;
}

/// Requests by their key, which begins with the user: see requests.cpp.
document requests_of(user_id const& user) {
    auto const first = user.text() + ':';
    auto const behind = user.text() + ';';
    return doc("_id", doc("$gte", std::string_view{first}).put("$lt", std::string_view{behind}));
}

/// What is theirs beside conversations. Replies whose interaction was marked by somebody who died are not
/// found by their interaction, and would still tell what they have used.
result<void> delete_beside(session& db, std::span<user_id const> of) {
    if (auto done = delete_access(db, of); !done) return done;
    for (auto const& [collection, member] : {std::pair{messages, "lease.user"}, std::pair{usage, "user"}}) {
        auto const gone = db.delete_all(collection, doc(member, one_of(of)));
        if (!gone) return std::unexpected(gone.error());
    }
    array theirs;
    for (auto const& one : of) theirs.push(requests_of(one));
    return db.delete_each(requests, theirs);
}

}  // namespace

result<void> purge_users::finish_begun(session& db) {
    if (begun.empty()) return {};
    if (auto done = delete_contents(db, begun); !done) return done;
    begun.clear();
    return {};
}

result<void> purge_users::delete_conversations(session& db, std::span<parley::user_id const> of) {
    for (int round = 0; deleted < limit; ++round) {
        if (round == most_rounds) return try_later("others delete the same interactions");
        auto const found = conversations_of(db, of, limit - deleted);
        if (!found) return std::unexpected(found.error());
        if (found->empty()) return {};
        for (auto const& one : *found) {
            begun.push_back(one);
            // Others who do the same each count their own.
            auto const marked = mark_removed(db, doc("_id", one).put("work", still_there()));
            if (!marked) return std::unexpected(marked.error());
            if (*marked) ++deleted;
        }
        if (auto done = finish_begun(db); !done) return done;
    }
    return {};
}

result<std::size_t> purge_users::run(session& db) {
    if (auto const done = finish_begun(db); !done) return std::unexpected(done.error());
    auto const marks = all_marks(db);
    if (!marks) return std::unexpected(marks.error());
    std::span<mark const> left{*marks};
    while (!left.empty() && deleted < limit) {
        auto const some = left.first(std::min(left.size(), users_at_once));
        left = left.subspan(some.size());
        std::vector<parley::user_id> of;
        std::vector<parley::user_id> old;
        for (auto const& one : some) {
            of.push_back(one.user);
            if (one.deleted < forget) old.push_back(one.user);
        }
        if (auto const done = delete_conversations(db, of); !done) return std::unexpected(done.error());
        if (deleted == limit) break;  // there may be more
        if (auto const done = delete_beside(db, of); !done) return std::unexpected(done.error());
        if (old.empty()) continue;
        auto const which = doc("_id", one_of(old)).put("deleted", is_deleted());
        auto const forgot = db.delete_all(users, which);
        if (!forgot) return std::unexpected(forgot.error());
    }
    return deleted;
}

}  // namespace parley::mongo
