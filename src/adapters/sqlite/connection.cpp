#include "adapters/sqlite/connection.hpp"

#include "adapters/sqlite/sqlite_error.hpp"

#include <sqlite3.h>

#include <mutex>

namespace parley::sqlite {
namespace {

/// Without SQLite's global memory statistics, which cost a mutex at every allocation. Only the first call in
/// a process has an effect, and none is needed for correctness.
void configure_once() {
    static std::once_flag once;
    std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

result<std::unique_ptr<connection>> connection::open(open_options const& options, int* failure) {
    configure_once();
    sqlite3* handle = nullptr;
    int const flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    int const code = sqlite3_open_v2(options.file.c_str(), &handle, flags,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
    std::unique_ptr<connection> opened{new connection{handle}};
    if (code != SQLITE_OK) {
        if (failure != nullptr) *failure = code;
        return std::unexpected(to_error(code, handle == nullptr ? "out of memory" : sqlite3_errmsg(handle)));
    }
    sqlite3_busy_timeout(handle, 1000);
    // Defence in depth (https://www.sqlite.org/security.html): a tampered schema can run no functions of its
    // own.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    auto const pragmas =
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;"
        "PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -" +
        std::to_string(options.cache_kib);
    if (auto ok = opened->execute(pragmas); !ok) {
        if (failure != nullptr) *failure = opened->failure();
        return std::unexpected(ok.error());
    }
    return opened;
}

connection::~connection() {
    for (auto* const statement : statements_) sqlite3_finalize(statement);
    sqlite3_close(handle_);
}

result<void> connection::execute(std::string const& sql) {
    int const code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return std::unexpected(failed(code));
    return {};
}

result<std::int64_t> connection::number(std::string const& sql) {
    sqlite3_stmt* prepared = nullptr;
    int code = sqlite3_prepare_v2(handle_, sql.c_str(), -1, &prepared, nullptr);
    if (code == SQLITE_OK) code = sqlite3_step(prepared);
    auto const value = code == SQLITE_ROW ? sqlite3_column_int64(prepared, 0) : 0;
    sqlite3_finalize(prepared);
    if (code != SQLITE_ROW) return std::unexpected(failed(code));
    return value;
}

result<sqlite3_stmt*> connection::prepared(statement which) {
    auto& kept = statements_[static_cast<std::size_t>(which)];
    if (kept == nullptr) {
        auto const& sql = sql_of(which);
        int const code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &kept, nullptr);
        if (code != SQLITE_OK) return std::unexpected(failed(code));
    }
    return kept;
}

std::int64_t connection::changes() const { return sqlite3_changes64(handle_); }
std::int64_t connection::total_changes() const { return sqlite3_total_changes64(handle_); }
std::int64_t connection::last_key() const { return sqlite3_last_insert_rowid(handle_); }
bool connection::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

error connection::failed(int code) {
    if (failure_ == 0) failure_ = code;
    return to_error(code, sqlite3_errmsg(handle_));
}

}  // namespace parley::sqlite
