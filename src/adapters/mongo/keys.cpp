#include "adapters/mongo/intentions.hpp"
#include "adapters/mongo/key_document.hpp"
#include "adapters/mongo/user_document.hpp"
#include "entities/limits.hpp"
#include "services/store_errors.hpp"

#include <utility>

namespace parley::mongo {

result<void> create_key::run(session& db) {
    bool const repeated = std::exchange(sent, true);
    auto const owner = find_user(db, value.user_id);
    if (!owner) return std::unexpected(owner.error());
    if (!*owner) return user_not_found();
    // Nobody else has the same id with the same text.
    auto const own = doc("_id", value.key_id).put("user", value.user_id).put_bytes("hash", value.hash);
    if (repeated) {
        auto const there = db.find_one(keys, own);
        if (!there) return std::unexpected(there.error());
        if (*there) return {};
    }
    // Of several at once each may find room for one more.
    auto const held = db.count(keys, doc("user", value.user_id));
    if (!held) return std::unexpected(held.error());
    if (*held >= static_cast<std::int64_t>(limits::keys_of_user)) return too_many_keys();
    array documents;
    documents.push(to_document(value));
    auto const outcome = db.insert(keys, documents);
    if (!outcome.refused) return {};
    if (is_duplicate(outcome.refused->code)) return key_exists();
    return std::unexpected(outcome.refused->what);
}

result<std::optional<held_key>> find_key::run(session& db) const {
    using outcome = std::optional<held_key>;
    document filter;
    filter.put_bytes("hash", hash);
    // Of the primary, as the user: a key that was deleted is good for nobody.
    auto const found = db.find_one(keys, filter);
    if (!found) return std::unexpected(found.error());
    if (!*found) return outcome{};
    auto key = read_key(*(*found)->get());
    auto const owner = find_user(db, key.user_id);
    if (!owner) return std::unexpected(owner.error());
    if (!*owner) return outcome{};
    return outcome{held_key{std::move(key), (*owner)->is_admin, (*owner)->limits}};
}

result<std::vector<api_key>> list_keys::run(session& db) const {
    auto const owner = find_user(db, user_id);
    if (!owner) return std::unexpected(owner.error());
    if (!*owner) return user_not_found();
    find_options options;
    options.sort = newest_first();
    options.limit = 0;
    auto const found = db.find(keys, doc("user", user_id), options);
    if (!found) return std::unexpected(found.error());
    std::vector<api_key> out;
    out.reserve(found->size());
    for (auto const& one : *found) out.push_back(read_key(*one.get()));
    return out;
}

result<void> delete_key::run(session& db) {
    auto const which = doc("_id", key_id).put("user", user_id);
    if (!seen) {
        auto const there = db.find_one(keys, which);
        if (!there) return std::unexpected(there.error());
        if (!*there) return key_not_found();
        seen = true;
    }
    bool const repeated = std::exchange(sent, true);
    auto const gone = db.delete_all(keys, which);
    if (!gone) return std::unexpected(gone.error());
    if (*gone == 0 && !repeated) return key_not_found();
    return {};
}

result<void> key_used::run(session& db) const {
    auto const noted = db.update_one(keys, doc("_id", key_id), doc("$max", doc("last_used", at)));
    if (!noted) return std::unexpected(noted.error());
    return {};
}

}  // namespace parley::mongo
