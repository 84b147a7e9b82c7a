#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/limits_json.hpp"
#include "adapters/sqlite/query.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/scope_bits.hpp"
#include "entities/limits.hpp"
#include "services/store_errors.hpp"

namespace parley::sqlite {
namespace {

/// Whether the user has as many as can be.
result<bool> has_all_keys(connection& db, user_id const& user) {
    query count{db, statement::count_keys};
    auto const found = count.bind(user).step();
    if (!found) return std::unexpected(found.error());
    return count.number(0) >= static_cast<std::int64_t>(limits::keys_of_user);
}

}  // namespace

result<bool> insert_key(connection& db, api_key const& value) {
    auto const limits = limits_to_json(value.limits);
    query write{db, statement::insert_key};
    write.bind(value.key_id)
        .bind(value.user_id)
        .bind_blob(value.hash)
        .bind(value.created_at)
        .bind(value.expires_at)
        .bind(value.last_used_at)
        .bind(bits_of(value.scopes))
        .bind(value.name)
        .bind(value.hint)
        .bind(limits);
    if (auto const done = write.run(); !done) return std::unexpected(done.error());
    return db.changes() > 0;
}

result<void> create_key::run(connection& db) const {
    auto const owner = find_user(db, value.user_id);
    if (!owner) return std::unexpected(owner.error());
    if (!*owner) return user_not_found();
    auto const full = has_all_keys(db, value.user_id);
    if (!full) return std::unexpected(full.error());
    if (*full) return too_many_keys();
    auto const inserted = insert_key(db, value);
    if (!inserted) return std::unexpected(inserted.error());
    if (!*inserted) return key_exists();
    return {};
}

result<void> delete_key::run(connection& db) const {
    query write{db, statement::delete_key};
    if (auto const done = write.bind(key_id).bind(user_id).run(); !done) return done;
    if (db.changes() == 0) return key_not_found();
    return {};
}

result<void> use_key::run(connection& db) const {
    query write{db, statement::use_key};
    return write.bind(key_id).bind(at).run();
}

}  // namespace parley::sqlite
