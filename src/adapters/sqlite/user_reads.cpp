#include "adapters/sqlite/json_text.hpp"
#include "adapters/sqlite/reads.hpp"

namespace parley::sqlite {
namespace {

result<std::optional<user>> read_user(query& find) {
    auto const found = find.step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::optional<user>{};
    user out{find.id_at<user_id>(0), std::string{find.text(1)}, {}, find.time(3)};
    if (!find.is_null(2)) out.extra = attributes_from_json(find.text(2));
    return std::optional{std::move(out)};
}

}  // namespace

result<std::optional<user>> find_user(connection& db, user_id const& id) {
    query find{db, statement::find_user};
    return read_user(find.bind(id));
}

result<std::optional<user>> find_local_user(connection& db) {
    query find{db, statement::find_local_user};
    return read_user(find);
}

}  // namespace parley::sqlite
