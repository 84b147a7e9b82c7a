#include "adapters/sqlite/sqlite_backup.hpp"

#include "adapters/sqlite/archive.hpp"
#include "adapters/sqlite/backup_file.hpp"
#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/reception.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/sqlite_error.hpp"
#include "services/store_errors.hpp"

#include <sqlite3.h>

#include <memory>
#include <string>
#include <utility>

namespace parley {
namespace {

using sqlite::connection;

constexpr int pages_per_step = 1024;
constexpr int operations_per_look = 100'000;

std::unexpected<error> stopped() { return fail(error_kind::cancelled, "cancelled", "It was stopped."); }

/// A problem of the store itself, with its name before it.
std::unexpected<error> of_store(error problem, std::filesystem::path const& file) {
    bool const speaks_of_it = problem.code.starts_with("store_") && problem.kind == error_kind::conflict;
    problem.message = "The database file " + file.string() +
                      (speaks_of_it ? " can not be copied. " + problem.message : " can not be read.");
    return std::unexpected(std::move(problem));
}

/// A connection that sees one state of the store for as long as it lives, and leaves the log as it is.
result<std::unique_ptr<connection>> open_snapshot(std::filesystem::path const& folder) {
    auto const file = folder / "parley.db";
    auto db = connection::open({.file = file.string(), .vfs = {}, .read_only = true});
    if (!db) return of_store(std::move(db.error()), file);
    sqlite3_db_config((*db)->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    auto done = (*db)->execute("BEGIN");
    if (done) done = sqlite::check_header(**db);
    if (!done) return of_store(std::move(done.error()), file);
    auto const receiving = sqlite::is_receiving(**db);
    if (!receiving) return of_store(receiving.error(), file);
    if (*receiving) return store_incomplete("The data folder " + folder.string());
    return db;
}

/// Whatever goes wrong in the copy's file.
std::unexpected<error> of_copy(error problem, std::filesystem::path const& target) {
    if (problem.kind == error_kind::storage_full) {
        return std::unexpected(sqlite::no_room_for(target, std::move(problem.detail)));
    }
    return fail(error_kind::conflict, "backup_not_writable",
                "The copy " + target.string() + " can not be written.", {}, std::move(problem.detail));
}

/// Only the store is read.
bool is_of_source(int code) {
    return code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ || (code & 0xff) == SQLITE_CORRUPT ||
           (code & 0xff) == SQLITE_NOTADB;
}

result<void> copy_pages(connection& from, connection& to, backup_request const& wanted,
                        backup_observer const& seen) {
    auto* const copying = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (copying == nullptr) return of_copy(to.failed(sqlite3_errcode(to.handle())), wanted.file);
    int code = SQLITE_OK;
    bool wanted_still = true;
    while (code == SQLITE_OK && wanted_still) {
        code = sqlite3_backup_step(copying, pages_per_step);
        auto const all = sqlite3_backup_pagecount(copying);
        auto const left = sqlite3_backup_remaining(copying);
        wanted_still = seen(backup_step::copying, all == 0 ? 0.0 : 1.0 - static_cast<double>(left) / all);
    }
    int const ended = sqlite3_backup_finish(copying);
    if (!wanted_still) return stopped();
    if (code == SQLITE_DONE && ended == SQLITE_OK) return {};
    if (code == SQLITE_DONE) code = ended;
    auto problem = sqlite::to_error(code, sqlite3_errmsg(to.handle()));
    if (is_of_source(code)) return of_store(std::move(problem), wanted.folder / "parley.db");
    return of_copy(std::move(problem), wanted.file);
}

int keep_on(void* observer) {
    auto const& seen = *static_cast<backup_observer const*>(observer);
    return seen(backup_step::checking, 0.0) ? 0 : 1;
}

/// All of `PRAGMA integrity_check`, on a copy: what it finds is wrong in the store.
result<void> check_pages(connection& db, backup_request const& wanted, backup_observer const& seen) {
    auto* const observer = const_cast<backup_observer*>(&seen);
    sqlite3_progress_handler(db.handle(), operations_per_look, keep_on, observer);
    std::string found;
    sqlite3_stmt* check = nullptr;
    int code = sqlite3_prepare_v2(db.handle(), "PRAGMA integrity_check(5)", -1, &check, nullptr);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(check);
        if (code != SQLITE_ROW) break;
        auto const* const text = reinterpret_cast<char const*>(sqlite3_column_text(check, 0));
        if (text != nullptr) found += (found.empty() ? "" : "; ") + std::string{text};
    }
    auto problem = sqlite::to_error(code, sqlite3_errmsg(db.handle()));
    sqlite3_finalize(check);
    sqlite3_progress_handler(db.handle(), 0, nullptr, nullptr);
    if (code == SQLITE_INTERRUPT) return stopped();
    if (code == SQLITE_DONE && found == "ok") return {};
    if (code != SQLITE_DONE && (code & 0xff) != SQLITE_CORRUPT)
        return of_copy(std::move(problem), wanted.file);
    return fail(error_kind::conflict, "store_damaged",
                "The database file " + (wanted.folder / "parley.db").string() +
                    " is damaged, and so is a copy of it, which was not kept. Keep your older backups.",
                {}, found.empty() ? problem.detail : found);
}

result<backup_report> fill(backup_request const& wanted, std::filesystem::path const& part,
                           backup_observer const& seen) {
    auto from = open_snapshot(wanted.folder);
    if (!from) return std::unexpected(from.error());
    auto to = connection::open({.file = part.string(), .vfs = {}});
    if (!to) return of_copy(to.error(), wanted.file);
    // The file is made durable when it is whole; until then nobody needs what is in it.
    auto done = (*to)->execute("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY");
    if (!done) return of_copy(done.error(), wanted.file);
    done = copy_pages(**from, **to, wanted, seen);
    if (!done) return std::unexpected(done.error());
    from->reset();
    // So that the copy is one file, also where it is only read.
    done = (*to)->execute("PRAGMA journal_mode = DELETE");
    if (!done) return of_copy(done.error(), wanted.file);
    done = check_pages(**to, wanted, seen);
    if (!done) return std::unexpected(done.error());
    auto const counted = sqlite::count_all(**to);
    if (!counted) return of_copy(counted.error(), wanted.file);
    return backup_report{counted->interactions, counted->messages, 0};
}

}  // namespace

result<backup_report> back_up_sqlite(backup_request const& wanted, backup_observer const& seen) {
    std::error_code failed;
    if (!std::filesystem::exists(wanted.folder / "parley.db", failed)) {
        return store_absent("The data folder " + wanted.folder.string());
    }
    auto part = sqlite::backup_file::make(wanted.folder, wanted.file, wanted.overwrite);
    if (!part) return std::unexpected(part.error());
    auto report = fill(wanted, (*part)->path(), seen);
    if (!report) return report;
    if (auto const kept = (*part)->keep(); !kept) return std::unexpected(kept.error());
    report->bytes = std::filesystem::file_size(wanted.file, failed);
    return report;
}

}  // namespace parley
