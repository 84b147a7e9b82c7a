#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/json_text.hpp"
#include "adapters/sqlite/limits_json.hpp"
#include "adapters/sqlite/query.hpp"
#include "adapters/sqlite/reads.hpp"
#include "services/store_errors.hpp"

namespace parley::sqlite {

result<bool> insert_user(connection& db, user const& value, bool is_local) {
    auto const extra = attributes_to_json(value.extra);
    auto const limits = limits_to_json(value.limits);
    auto const local = is_local ? std::optional<std::int64_t>{1} : std::nullopt;
    query write{db, statement::insert_user};
    write.bind(value.user_id)
        .bind(value.name)
        .bind(extra)
        .bind(value.created_at)
        .bind(value.is_admin)
        .bind(limits)
        .bind(local);
    if (auto const done = write.run(); !done) return std::unexpected(done.error());
    return db.changes() > 0;
}

result<void> insert_external_name(connection& db, external_identity const& name, user_id const& user) {
    query write{db, statement::insert_external_name};
    return write.bind(name.issuer).bind(name.subject).bind(user).run();
}

result<user> make_local_user::run(connection& db) const {
    auto known = find_local_user(db);
    if (!known) return std::unexpected(known.error());
    if (*known) return std::move(**known);
    auto const inserted = insert_user(db, fresh, true);
    if (!inserted) return std::unexpected(inserted.error());
    return fresh;
}

result<user> make_external_user::run(connection& db) const {
    auto known = find_external_user(db, name);
    if (!known) return std::unexpected(known.error());
    if (*known) return std::move(**known);
    auto const inserted = insert_user(db, fresh, false);
    if (!inserted) return std::unexpected(inserted.error());
    if (!*inserted) return user_exists();
    if (auto const done = insert_external_name(db, name, fresh.user_id); !done) {
        return std::unexpected(done.error());
    }
    return fresh;
}

result<void> create_user::run(connection& db) const {
    auto const inserted = insert_user(db, value, false);
    if (!inserted) return std::unexpected(inserted.error());
    if (!*inserted) return user_exists();
    return {};
}

result<user> update_user::run(connection& db) const {
    auto found = find_user(db, user_id);
    if (!found) return std::unexpected(found.error());
    if (!*found) return user_not_found();
    auto after = apply(patch, std::move(**found));
    auto const extra = attributes_to_json(after.extra);
    auto const limits = limits_to_json(after.limits);
    query write{db, statement::update_user};
    write.bind(after.user_id).bind(after.name).bind(extra).bind(after.is_admin).bind(limits);
    if (auto const done = write.run(); !done) return std::unexpected(done.error());
    return after;
}

result<void> probe::run(connection& db) const {
    query look{db, write ? statement::write_probe : statement::ping};
    if (auto const row = look.step(); !row) return std::unexpected(row.error());
    return {};
}

}  // namespace parley::sqlite
