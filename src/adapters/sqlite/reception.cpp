#include "adapters/sqlite/reception.hpp"

namespace parley::sqlite {

result<bool> is_receiving(connection& db) {
    auto const found =
        db.number("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'reception'");
    if (!found) return std::unexpected(found.error());
    return *found > 0;
}

result<bool> is_receiving_from(connection& db, std::string const& source) {
    auto const found = db.number("SELECT count(*) FROM reception WHERE source = '" + source + "'");
    if (!found) return std::unexpected(found.error());
    return *found > 0;
}

result<void> begin_reception(connection& db, std::string const& source) {
    auto done = db.execute(
        "BEGIN IMMEDIATE; CREATE TABLE reception (source TEXT NOT NULL) STRICT; INSERT INTO reception VALUES "
        "('" +
        source + "'); COMMIT");
    if (!done && db.in_transaction()) static_cast<void>(db.execute("ROLLBACK"));
    return done;
}

result<void> end_reception(connection& db) { return db.execute("DROP TABLE reception"); }

}  // namespace parley::sqlite
