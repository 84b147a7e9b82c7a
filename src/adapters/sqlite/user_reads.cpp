#include "adapters/sqlite/json_text.hpp"
#include "adapters/sqlite/limits_json.hpp"
#include "adapters/sqlite/reads.hpp"
#include "services/keyset.hpp"

namespace parley::sqlite {
namespace {

constexpr user_id first_id{};
constexpr user_id last_id{
    {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

result<std::optional<user>> read_one(query& find) {
    auto const found = find.step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::optional<user>{};
    return std::optional{read_user(find)};
}

result<std::vector<user>> scan_users(connection& db, bool ascending, std::optional<user_id> const& from,
                                     std::size_t limit) {
    auto const& start = from ? *from : ascending ? first_id : last_id;
    query list{db, ascending ? statement::users_ascending : statement::users_descending};
    list.bind(start).bind(static_cast<std::int64_t>(limit));
    std::vector<user> out;
    page_budget budget;
    for (bool more = true; more;) {
        auto const row = list.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) break;
        out.push_back(read_user(list));
        more = budget.takes(text_bytes(out.back()));
    }
    return out;
}

}  // namespace

user read_user(query const& row) {
    user out{row.id_at<user_id>(0), std::string{row.text(1)}, {}, row.time(3), row.number(4) != 0, {}};
    if (!row.is_null(2)) out.extra = attributes_from_json(row.text(2));
    if (!row.is_null(5)) out.limits = limits_from_json(row.text(5));
    return out;
}

bool is_local_user(query const& row) { return !row.is_null(6); }

result<std::optional<user>> find_user(connection& db, user_id const& id) {
    query find{db, statement::find_user};
    return read_one(find.bind(id));
}

result<std::optional<user>> find_local_user(connection& db) {
    query find{db, statement::find_local_user};
    return read_one(find);
}

result<std::optional<user>> find_external_user(connection& db, external_identity const& name) {
    query find{db, statement::find_external_user};
    return read_one(find.bind(name.issuer).bind(name.subject));
}

result<page<user>> list_users(connection& db, page_query<user_id> const& wanted) {
    return read_page<user>(
        wanted,
        [&db](bool ascending, std::optional<user_id> const& from, std::size_t limit) {
            return scan_users(db, ascending, from, limit);
        },
        [](user const& value) { return value.user_id; }, [](user const& value) { return text_bytes(value); });
}

result<std::vector<external_identity>> names_of_user(connection& db, user_id const& id) {
    query list{db, statement::names_of_user};
    list.bind(id);
    std::vector<external_identity> out;
    for (;;) {
        auto const row = list.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back({std::string{list.text(0)}, std::string{list.text(1)}});
    }
}

}  // namespace parley::sqlite
