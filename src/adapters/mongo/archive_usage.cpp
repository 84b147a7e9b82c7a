#include "adapters/mongo/archive.hpp"
#include "adapters/mongo/usage.hpp"
#include "adapters/mongo/usage_document.hpp"

#include <algorithm>

namespace parley::mongo {
namespace {

/// The first one behind `user` who has used anything, or may have.
result<std::optional<user_id>> next_user(session& db, user_id const& user) {
    std::optional<user_id> out;
    for (char const* const collection : {interactions, usage}) {
        find_options options;
        options.sort = doc("user", 1);
        options.projection = doc("user", 1);
        auto const found = db.find(collection, doc("user", doc("$gt", user)), options);
        if (!found) return std::unexpected(found.error());
        if (found->empty()) continue;
        auto const next = id_at<user_id>(*found->front().get(), "user");
        if (next && (!out || *next < *out)) out = next;
    }
    return out;
}

usage_day minus(usage_day const& whole, usage_day const* part) {
    auto out = whole;
    if (part == nullptr) return out;
    out.generations -= part->generations;
    out.input_tokens -= part->input_tokens;
    out.cached_tokens -= part->cached_tokens;
    out.output_tokens -= part->output_tokens;
    out.cost -= part->cost;
    out.estimated -= part->estimated;
    return out;
}

/// Of one user, in order of day.
result<void> put_usage_of(session& db, std::span<usage_record const> values) {
    auto const& user = values.front().user_id;
    auto const replies = usage_of_replies(db, user, {values.front().sums.day, values.back().sums.day});
    if (!replies) return std::unexpected(replies.error());
    usage_sums told;
    for (auto const& [id, one] : *replies) told.add(one);
    array ids;
    array documents;
    for (auto const& one : values) {
        auto const& sums = one.sums;
        auto const rest = minus(sums, told.find(sums.day, sums.model_name));
        ids.push(std::string_view{copied_id(key_of(one))});
        if (rest == usage_day{sums.day, sums.model_name}) continue;
        documents.push(to_document(kept_usage{{}, user, rest}));
    }
    // What an earlier attempt said.
    document among;
    among.put_array("$in", ids.members());
    if (auto const gone = db.delete_all(usage, doc("_id", among)); !gone) {
        return std::unexpected(gone.error());
    }
    return db.insert_absent(usage, documents);
}

}  // namespace

result<std::vector<usage_record>> usage_after(session& db, std::optional<usage_key> const& last) {
    std::vector<usage_record> out;
    auto user = last ? result<std::optional<user_id>>{last->user_id} : next_user(db, {});
    while (user && *user && out.size() < archive_usage) {
        auto const sums = sum_usage(db, **user, {});
        if (!sums) return std::unexpected(sums.error());
        for (auto& one : sums->in_order()) {
            usage_record record{**user, std::move(one)};
            bool const behind = !last || *last < key_of(record);
            if (behind && out.size() < archive_usage) out.push_back(std::move(record));
        }
        user = next_user(db, **user);
    }
    if (!user) return std::unexpected(user.error());
    return out;
}

result<void> put_usage(session& db, std::span<usage_record const> values) {
    while (!values.empty()) {
        auto const end = std::ranges::find_if(
            values, [&](usage_record const& one) { return one.user_id != values.front().user_id; });
        auto const count = static_cast<std::size_t>(end - values.begin());
        if (auto done = put_usage_of(db, values.first(count)); !done) return done;
        values = values.subspan(count);
    }
    return {};
}

}  // namespace parley::mongo
