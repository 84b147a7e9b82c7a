#include "adapters/sqlite/json_text.hpp"
#include "adapters/sqlite/reads.hpp"

namespace parley::sqlite {
namespace {

result<std::optional<user>> read_one(query& find) {
    auto const found = find.step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::optional<user>{};
    return std::optional{read_user(find)};
}

}  // namespace

user read_user(query const& row) {
    user out{row.id_at<user_id>(0), std::string{row.text(1)}, {}, row.time(3)};
    if (!row.is_null(2)) out.extra = attributes_from_json(row.text(2));
    return out;
}

result<std::optional<user>> find_user(connection& db, user_id const& id) {
    query find{db, statement::find_user};
    return read_one(find.bind(id));
}

result<std::optional<user>> find_local_user(connection& db) {
    query find{db, statement::find_local_user};
    return read_one(find);
}

}  // namespace parley::sqlite
