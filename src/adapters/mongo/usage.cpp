#include "adapters/mongo/usage.hpp"

#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/usage_document.hpp"

#include <vector>

namespace parley::mongo {
namespace {

constexpr std::int64_t most_at_once = 1'000;

/// What is needed of a reply to count it.
document counted_members() {
    return doc("interaction", 1)
        .put("seq", 1)
        .put("created", 1)
        .put("model", 1)
        .put("usage", 1)
        .put("lease.user", 1);
}

usage_day usage_of(message const& reply) {
    return usage_of_one(day_of(reply.created_at), reply.model_name.value_or(""), *reply.usage);
}

kept_usage kept(stored_message const& reply) {
    return {reply.value.message_id, reply.lease->user_id, usage_of(reply.value)};
}

/// Of all these interactions, deleted ones included.
result<std::map<interaction_id, user_id>> owners_of(session& db, std::vector<stored_message> const& replies) {
    array ids;
    for (auto const& one : replies) ids.push(one.value.interaction_id);
    document among;
    among.put_array("$in", ids.members());
    find_options options;
    options.limit = static_cast<std::int64_t>(replies.size());
    options.projection = doc("user", 1);
    auto const found = db.find(interactions, doc("_id", among), options);
    if (!found) return std::unexpected(found.error());
    std::map<interaction_id, user_id> out;
    for (auto const& one : *found) {
        out.emplace(id_at<interaction_id>(*one.get(), "_id").value_or(interaction_id{}),
                    id_at<user_id>(*one.get(), "user").value_or(user_id{}));
    }
    return out;
}

/// One whose interaction has gone gets nobody, so that it is not looked at again.
result<void> claim_for_owners(session& db, std::vector<stored_message> const& replies) {
    auto const owners = owners_of(db, replies);
    if (!owners) return std::unexpected(owners.error());
    array updates;
    for (auto const& one : replies) {
        auto const owner = owners->find(one.value.interaction_id);
        reply_lease const lease{.user_id = owner == owners->end() ? user_id{} : owner->second, .owner = {}};
        auto const filter = doc("_id", one.value.message_id).put("lease", doc("$exists", false));
        updates.push(doc("q", filter).put("u", doc("$set", doc("lease", to_document(lease)))));
    }
    return db.update_each(messages, updates);
}

}  // namespace

result<std::map<message_id, usage_day>> usage_of_replies(session& db, user_id const& user,
                                                         day_range const& days) {
    timestamp const begin{days.first};
    timestamp const end{days.last + std::chrono::days{1}};
    document filter;
    filter.put("lease.user", user).put("created", doc("$gte", begin).put("$lt", end));
    find_options options;
    options.limit = 0;
    options.projection = doc("created", 1).put("model", 1).put("usage", 1);
    auto const found = db.find(messages, filter, options);
    if (!found) return std::unexpected(found.error());
    std::map<message_id, usage_day> out;
    for (auto const& one : *found) {
        auto const reply = mongo::read_message(*one.get()).value;
        if (reply.usage) out.emplace(reply.message_id, usage_of(reply));
    }
    return out;
}

result<usage_sums> sum_usage(session& db, user_id const& user, day_range const& days) {
    auto replies = usage_of_replies(db, user, days);
    if (!replies) return std::unexpected(replies.error());
    document filter;
    filter.put("user", user)
        .put("day", doc("$gte", number_of_day(days.first)).put("$lte", number_of_day(days.last)));
    find_options options;
    options.limit = 0;
    auto const found = db.find(usage, filter, options);
    if (!found) return std::unexpected(found.error());
    usage_sums out;
    for (auto const& one : *found) {
        auto const entry = read_usage_document(*one.get());
        out.add(entry.sums);
        if (entry.id) replies->erase(*entry.id);
    }
    for (auto const& [id, one] : *replies) out.add(one);
    return out;
}

result<void> keep_usage(session& db, interaction_id const& of) {
    for (std::int64_t last = 0;;) {
        document filter;
        filter.put("interaction", of)
            .put("seq", doc("$gt", last))
            .put("role", to_text(message_role::assistant));
        find_options options;
        options.sort = doc("interaction", 1).put("seq", 1);
        options.limit = most_at_once;
        options.projection = counted_members();
        auto const found = db.find(messages, filter, options);
        if (!found) return std::unexpected(found.error());
        array entries;
        for (auto const& one : *found) {
            auto const reply = mongo::read_message(*one.get());
            last = reply.value.seq;
            if (reply.value.usage && reply.lease) entries.push(to_document(kept(reply)));
        }
        if (auto done = db.insert_absent(usage, entries); !done) return done;
        if (std::ssize(*found) < most_at_once) return {};
    }
}

result<void> keep_usage(session& db, stored_message const& reply) {
    if (!reply.value.usage || !reply.lease) return {};
    array entries;
    entries.push(to_document(kept(reply)));
    return db.insert_absent(usage, entries);
}

result<void> claim_old_replies(session& db) {
    for (message_id last;;) {
        document filter;
        filter.put("_id", doc("$gt", last))
            .put("usage", doc("$exists", true))
            .put("lease", doc("$exists", false));
        find_options options;
        options.sort = doc("_id", 1);
        options.limit = most_at_once;
        options.projection = counted_members();
        auto const found = db.find(messages, filter, options);
        if (!found) return std::unexpected(found.error());
        if (found->empty()) return {};
        std::vector<stored_message> replies;
        for (auto const& one : *found) replies.push_back(mongo::read_message(*one.get()));
        if (auto done = claim_for_owners(db, replies); !done) return done;
        last = replies.back().value.message_id;
    }
}

result<void> add_usage::run(session& db) const {
    array entries;
    entries.push(to_document(
        kept_usage{entry.id, entry.user_id, usage_of_one(day_of(entry.at), entry.model_name, entry.usage)}));
    return db.insert_absent(usage, entries);
}

result<std::vector<usage_day>> usage_by_day::run(session& db) const {
    auto const sums = sum_usage(db, user_id, {first, last});
    if (!sums) return std::unexpected(sums.error());
    return sums->in_order();
}

}  // namespace parley::mongo
