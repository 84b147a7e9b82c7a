#include "adapters/sqlite/write_ahead_log.hpp"

#include "common/log.hpp"

#include <sqlite3.h>

#include <string>

namespace parley::sqlite {
namespace {

std::string text_of(connection& db, char const* sql) {
    sqlite3_stmt* prepared = nullptr;
    std::string out;
    if (sqlite3_prepare_v2(db.handle(), sql, -1, &prepared, nullptr) == SQLITE_OK &&
        sqlite3_step(prepared) == SQLITE_ROW) {
        auto const* const text = reinterpret_cast<char const*>(sqlite3_column_text(prepared, 0));
        if (text != nullptr) out = text;
    }
    sqlite3_finalize(prepared);
    return out;
}

}  // namespace

result<void> use_write_ahead_log(connection& db) {
    // The switch is the only transaction with a rollback journal. Unless the journal's removal is made
    // durable too, it may come back after a power cut and undo the switch, and with it everything that was
    // written since.
    if (auto done = db.execute("PRAGMA synchronous = EXTRA"); !done) return done;
    if (text_of(db, "PRAGMA journal_mode = WAL") == "wal") {
        return db.execute("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864");
    }
    int const code = sqlite3_errcode(db.handle());
    if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE)
        return std::unexpected(db.failed(code));
    return fail(error_kind::unavailable, "store_unavailable",
                "Its file system can not share memory between processes (network file systems can not). "
                "Choose a data "
                "folder on a local disk (store.path).");
}

result<void> empty_write_ahead_log(connection& db) {
    int const code =
        sqlite3_wal_checkpoint_v2(db.handle(), "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK) return std::unexpected(db.failed(code));
    return {};
}

void log_keeper::watch(connection& db) {
    pages_ = 0;
    move_at_ = checkpoint_pages_;
    sqlite3_wal_hook(db.handle(), &log_keeper::committed, this);
}

int log_keeper::committed(void* self, sqlite3*, char const*, int pages) {
    static_cast<log_keeper*>(self)->pages_ = pages;
    return SQLITE_OK;
}

void log_keeper::tend(connection& db) {
    if (pages_ < checkpoint_pages_) move_at_ = checkpoint_pages_;
    if (pages_ < move_at_) return;
    int in_log = 0;
    int moved = 0;
    int const code =
        sqlite3_wal_checkpoint_v2(db.handle(), "main", SQLITE_CHECKPOINT_PASSIVE, &in_log, &moved);
    if (code == SQLITE_OK && moved == in_log) {
        move_at_ = checkpoint_pages_;
        return;
    }
    move_at_ = pages_ + checkpoint_pages_;
    if (code != SQLITE_OK) {
        log::warn("the write-ahead log could not be moved into the database",
                  {{"reason", std::string_view{sqlite3_errstr(code)}}, {"pages", std::int64_t{pages_}}});
    }
}

}  // namespace parley::sqlite
