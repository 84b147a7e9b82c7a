#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/query.hpp"

#include <optional>

namespace parley::sqlite {
namespace {

result<bool> insert(connection& db, remembered_request const& wanted) {
    query write{db, statement::insert_request};
    write.bind(wanted.user_id)
        .bind(wanted.key)
        .bind(wanted.at)
        .bind(wanted.interaction_id)
        .bind(wanted.first)
        .bind(wanted.second)
        .bind(wanted.branch)
        .bind_blob(wanted.fingerprint);
    if (auto const done = write.run(); !done) return std::unexpected(done.error());
    return db.changes() > 0;
}

result<void> mark_asked_again(connection& db, remembered_request const& copy) {
    query write{db, statement::mark_request_asked_again};
    return write.bind(copy.user_id).bind(copy.key).bind(copy.first).bind_blob(copy.fingerprint).run();
}

/// The row that kept `wanted` out.
result<remembered_request> find(connection& db, remembered_request const& wanted) {
    query row{db, statement::find_request};
    auto const found = row.bind(wanted.user_id).bind(wanted.key).step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return internal_error("a request is neither new nor known");
    return remembered_request{.user_id = wanted.user_id,
                              .key = wanted.key,
                              .fingerprint = row.digest(5),
                              .interaction_id = row.id_at<interaction_id>(1),
                              .first = row.id_at<message_id>(2),
                              .second = row.id_at<message_id>(3),
                              .branch = row.id_at<branch_id>(4),
                              .at = row.time(0)};
}

}  // namespace

result<remembered_request> remember_request::run(connection& db) const {
    auto const inserted = insert(db, wanted);
    if (!inserted) return std::unexpected(inserted.error());
    if (*inserted) return wanted;
    if (auto const marked = mark_asked_again(db, wanted); !marked) return std::unexpected(marked.error());
    return find(db, wanted);
}

result<void> forget_request::run(connection& db) const {
    query write{db, statement::delete_request};
    return write.bind(refused.user_id).bind(refused.key).bind(refused.first).run();
}

result<std::size_t> sweep_requests::run(connection& db) const {
    query write{db, statement::sweep_requests};
    write.bind(before).bind(static_cast<std::int64_t>(limit));
    if (auto const done = write.run(); !done) return std::unexpected(done.error());
    return static_cast<std::size_t>(db.changes());
}

}  // namespace parley::sqlite
