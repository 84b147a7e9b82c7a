#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/rounds.hpp"
#include "services/store_errors.hpp"

namespace parley::mongo {
namespace {

/// A user has one request under a key.
std::string id_of(remembered_request const& one) { return one.user_id.text() + ':' + one.key; }

remembered_request read_request(bson_t const& from) {
    remembered_request out;
    out.user_id = id_at<user_id>(from, "user").value_or(user_id{});
    out.key = text_at(from, "key").value_or("");
    static_cast<void>(bytes_at(from, "fingerprint", out.fingerprint));
    out.interaction_id = id_at<interaction_id>(from, "interaction").value_or(interaction_id{});
    out.first = id_at<message_id>(from, "first").value_or(message_id{});
    out.second = id_at<message_id>(from, "second").value_or(message_id{});
    out.branch = id_at<branch_id>(from, "branch").value_or(branch_id{});
    out.at = time_at(from, "at").value_or(timestamp{});
    return out;
}

document to_document(remembered_request const& value) {
    document out;
    out.put("_id", std::string_view{id_of(value)})
        .put("user", value.user_id)
        .put("key", std::string_view{value.key})
        .put_bytes("fingerprint", value.fingerprint)
        .put("interaction", value.interaction_id)
        .put("first", value.first)
        .put("second", value.second)
        .put("branch", value.branch)
        .put("at", value.at);
    return out;
}

/// What stands in the way of `copy`, and is kept from being forgotten when it is the same request; or `copy`
/// itself, when it was stored before. Nothing when neither is there.
result<std::optional<remembered_request>> ask_again(session& db, remembered_request const& copy) {
    auto const key = doc("_id", std::string_view{id_of(copy)});
    auto const other = document{key}
                           .put("first", doc("$ne", copy.first))
                           .put_bytes("fingerprint", copy.fingerprint)
                           .put("asked_again", doc("$ne", true));
    auto found = db.find_and_modify(requests, other, doc("$set", doc("asked_again", true)));
    if (found && !*found) found = db.find_one(requests, key);
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::nullopt;
    return read_request(*(**found).get());
}

}  // namespace

result<remembered_request> remember_request::run(session& db) const {
    array documents;
    documents.push(to_document(wanted));
    for (int round = 0; round < most_rounds; ++round) {
        auto const outcome = db.insert(requests, documents);
        if (!outcome.refused) return wanted;
        if (!is_duplicate(outcome.refused->code)) return std::unexpected(outcome.refused->what);
        auto const there = ask_again(db, wanted);
        if (!there) return std::unexpected(there.error());
        if (*there) return **there;
        // What was in the way has gone.
    }
    return internal_error("a request could not be remembered");
}

result<void> forget_request::run(session& db) const {
    auto const filter = doc("_id", std::string_view{id_of(refused)})
                            .put("first", refused.first)
                            .put("asked_again", doc("$ne", true));
    auto const gone = db.delete_all(requests, filter);
    if (!gone) return std::unexpected(gone.error());
    return {};
}

result<std::size_t> sweep_requests::run(session& db) const {
    if (limit == 0) return 0;  // to the server it would mean all
    document const old = doc("at", doc("$lt", before));
    find_options options;
    options.limit = static_cast<std::int64_t>(limit);
    options.projection = doc("_id", 1);
    auto const found = db.find(requests, old, options);
    if (!found) return std::unexpected(found.error());
    array ids;
    for (auto const& one : *found) ids.push(std::string_view{text_at(*one.get(), "_id").value_or("")});
    if (ids.size() == 0) return 0;
    document filter;
    filter.put("_id", document{}.put_array("$in", ids.members())).add(old);
    auto const gone = db.delete_all(requests, filter);
    if (!gone) return std::unexpected(gone.error());
    return static_cast<std::size_t>(*gone);
}

}  // namespace parley::mongo
