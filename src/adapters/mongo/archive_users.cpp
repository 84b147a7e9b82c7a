#include "adapters/mongo/archive.hpp"
#include "adapters/mongo/key_document.hpp"
#include "adapters/mongo/name_document.hpp"
#include "adapters/mongo/user_document.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace parley::mongo {
namespace {

result<std::map<user_id, std::vector<external_identity>>> names_of(session& db, document const& among) {
    find_options options;
    options.limit = 0;
    auto const found = db.find(names, doc("user", among), options);
    if (!found) return std::unexpected(found.error());
    std::map<user_id, std::vector<external_identity>> out;
    for (auto const& one : *found) {
        auto const user = id_at<user_id>(*one.get(), "user");
        if (user) out[*user].push_back(read_name(*one.get()));
    }
    for (auto& [user, theirs] : out) std::ranges::sort(theirs);
    return out;
}

result<std::map<user_id, std::vector<api_key>>> keys_of(session& db, document const& among) {
    find_options options;
    options.limit = 0;
    options.sort = newest_first();
    auto const found = db.find(keys, doc("user", among), options);
    if (!found) return std::unexpected(found.error());
    std::map<user_id, std::vector<api_key>> out;
    for (auto const& one : *found) {
        auto key = read_key(*one.get());
        out[key.user_id].push_back(std::move(key));
    }
    return out;
}

}  // namespace

result<std::vector<user_record>> users_after(session& db, user_id const& last) {
    find_options options;
    options.sort = doc("_id", 1);
    options.limit = static_cast<std::int64_t>(archive_users);
    auto const filter = doc("_id", doc("$gt", last)).put("deleted", undeleted());
    auto const found = db.find(users, filter, options);
    if (!found) return std::unexpected(found.error());
    if (found->empty()) return std::vector<user_record>{};
    std::vector<user_record> out;
    std::vector<user_id> ids;
    for (auto const& one : *found) {
        out.push_back({read_user(*one.get())});
        ids.push_back(out.back().value.user_id);
    }
    auto const local = db.find_one(schema_collection, doc("_id", local_key));
    if (!local) return std::unexpected(local.error());
    auto const local_id = *local ? id_at<user_id>(*(*local)->get(), "user") : std::nullopt;
    auto of_names = names_of(db, one_of(ids));
    if (!of_names) return std::unexpected(of_names.error());
    auto of_keys = keys_of(db, one_of(ids));
    if (!of_keys) return std::unexpected(of_keys.error());
    for (auto& one : out) {
        one.is_local = one.value.user_id == local_id;
        one.names = std::move((*of_names)[one.value.user_id]);
        one.keys = std::move((*of_keys)[one.value.user_id]);
    }
    return out;
}

}  // namespace parley::mongo
