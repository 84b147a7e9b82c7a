#include "adapters/sqlite/limits_json.hpp"
#include "adapters/sqlite/reads.hpp"
#include "adapters/sqlite/row_value.hpp"
#include "adapters/sqlite/scope_bits.hpp"

namespace parley::sqlite {
namespace {

usage_limits limits_at(query const& row, int column) {
    return row.is_null(column) ? usage_limits{} : limits_from_json(row.text(column));
}

api_key read_key(query const& row) {
    return {.key_id = row.id_at<key_id>(0),
            .user_id = row.id_at<user_id>(1),
            .name = std::string{row.text(7)},
            .hint = std::string{row.text(8)},
            .scopes = scopes_of_bits(row.number(6)),
            .hash = row.digest(2),
            .created_at = row.time(3),
            .expires_at = optional_time(row, 4),
            .last_used_at = optional_time(row, 5),
            .limits = limits_at(row, 9)};
}

}  // namespace

result<std::optional<held_key>> find_key(connection& db, sha256_digest const& hash) {
    query find{db, statement::find_key};
    auto const found = find.bind_blob(hash).step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::optional<held_key>{};
    return std::optional{held_key{read_key(find), find.number(10) != 0, limits_at(find, 11)}};
}

result<std::vector<api_key>> keys_of_user(connection& db, user_id const& id) {
    query list{db, statement::keys_of_user};
    list.bind(id);
    std::vector<api_key> out;
    for (;;) {
        auto const row = list.step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return out;
        out.push_back(read_key(list));
    }
}

}  // namespace parley::sqlite
