#include "adapters/sqlite/usage_rows.hpp"

#include "adapters/sqlite/intentions.hpp"
#include "adapters/sqlite/query.hpp"
#include "services/usage_sums.hpp"

#include <limits>

namespace parley::sqlite {
namespace {

usage_record read_usage(query const& row) {
    return {row.id_at<user_id>(0),
            {.day = day_of_number(row.number(1)),
             .model_name = std::string{row.text(2)},
             .generations = row.number(3),
             .input_tokens = row.number(4),
             .cached_tokens = row.number(5),
             .output_tokens = row.number(6),
             .cost = row.number(7),
             .estimated = row.number(8)}};
}

result<void> write_usage(connection& db, statement which, user_id const& user, usage_day const& value) {
    query write{db, which};
    return write.bind(user)
        .bind(number_of_day(value.day))
        .bind(value.model_name)
        .bind(value.generations)
        .bind(value.input_tokens)
        .bind(value.cached_tokens)
        .bind(value.output_tokens)
        .bind(value.cost)
        .bind(value.estimated)
        .run();
}

/// Whether a reply that is there was counted under this id.
result<bool> is_counted_reply(connection& db, message_id const& id) {
    query find{db, statement::find_counted_reply};
    return find.bind(id).step();
}

}  // namespace

result<void> count_usage(connection& db, user_id const& user, usage_day const& more) {
    return write_usage(db, statement::add_usage, user, more);
}

result<void> count_reply(connection& db, user_id const& user, message const& reply) {
    if (!reply.usage) return {};
    return count_usage(db, user,
                       usage_of_one(day_of(reply.created_at), reply.model_name.value_or(""), *reply.usage));
}

result<std::vector<usage_day>> usage_by_day(connection& db, user_id const& user, std::chrono::sys_days first,
                                            std::chrono::sys_days last) {
    query list{db, statement::usage_of_days};
    list.bind(user).bind(number_of_day(first)).bind(number_of_day(last));
    std::vector<usage_day> out;
    for (;;) {
        auto const row = list.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back(read_usage(list).sums);
    }
}

result<std::vector<usage_record>> usage_after(connection& db, std::optional<usage_key> const& last) {
    auto const from = last.value_or(usage_key{});
    // Before every day that there is, so that a nil user's are not left out.
    auto const day = last ? number_of_day(last->day) : std::numeric_limits<std::int64_t>::min();
    query list{db, statement::usage_after};
    list.bind(from.user_id).bind(day).bind(from.model_name).bind(static_cast<std::int64_t>(archive_usage));
    std::vector<usage_record> out;
    for (;;) {
        auto const row = list.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back(read_usage(list));
    }
}

result<void> put_usage(connection& db, usage_record const& value) {
    return write_usage(db, statement::put_usage, value.user_id, value.sums);
}

result<void> add_usage::run(connection& db) const {
    auto const counted = is_counted_reply(db, entry.id);
    if (!counted) return std::unexpected(counted.error());
    if (*counted) return {};
    {
        query insert{db, statement::insert_usage_entry};
        if (auto const done = insert.bind(entry.id).run(); !done) return done;
    }
    if (db.changes() == 0) return {};
    return count_usage(db, entry.user_id, usage_of_one(day_of(entry.at), entry.model_name, entry.usage));
}

}  // namespace parley::sqlite
