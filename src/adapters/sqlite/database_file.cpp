#include "adapters/sqlite/database_file.hpp"

#include "adapters/sqlite/folder_lock.hpp"
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/write_ahead_log.hpp"

#include <sqlite3.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace parley::sqlite {
namespace {

constexpr int writer_cache_kib = 4096;
constexpr int reader_cache_kib = 1024;

/// What an operator can do about a file that does not open.
error explain(error problem, std::string const& file, int code) {
    auto const about = "The database file " + file;
    switch (code & 0xff) {
        case SQLITE_NOTADB:
            return {
                error_kind::conflict,
                "store_damaged",
                about +
                    " is not a database, or its beginning is damaged. Restore it from a backup, or choose "
                    "another data folder (store.path).",
                {},
                problem.detail};
        case SQLITE_CORRUPT:
            return {error_kind::conflict,
                    "store_damaged",
                    about + " is damaged. Restore it from a backup; `sqlite3 " + file +
                        " .recover` may save what can still be read.",
                    {},
                    problem.detail};
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return {error_kind::conflict,
                    "store_not_writable",
                    about + " can not be written. Give this user the right to write the file and its folder.",
                    {},
                    problem.detail};
        default:
            problem.message = about + " can not be opened. " + problem.message;
            return problem;
    }
}

/// SQLite would only say that it can not open the file.
result<void> check_rights(std::string const& file) {
    for (auto const* const suffix : {"", "-wal", "-shm"}) {
        auto const name = file + suffix;
        if (::faccessat(AT_FDCWD, name.c_str(), R_OK | W_OK, AT_EACCESS) == 0 || errno == ENOENT) continue;
        return std::unexpected(explain({.detail = std::strerror(errno)}, name, SQLITE_READONLY));
    }
    return {};
}

/// For its user alone; SQLite gives the files beside it the same mode. One that exists stays as it is.
void make_private(std::string const& file) {
    int const made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made >= 0) ::close(made);  // otherwise SQLite will say what is wrong
}

struct stat status_of(std::string const& file) {
    struct stat found{};
    if (::stat(file.c_str(), &found) != 0) found = {};
    return found;
}

}  // namespace

database_file::database_file(std::filesystem::path folder, std::string vfs)
    : folder_(std::move(folder)),
      file_((folder_ / "parley.db").string()),
      vfs_(std::move(vfs)) {}

result<std::unique_ptr<connection>> database_file::prepare() {
    if (auto const allowed = check_rights(file_); !allowed) return std::unexpected(allowed.error());
    if (vfs_.empty()) make_private(file_);
    int failure = SQLITE_CANTOPEN;
    auto opened = open_writer(&failure);
    if (!opened) return std::unexpected(explain(std::move(opened.error()), file_, failure));
    auto& db = **opened;
    if (sqlite3_db_readonly(db.handle(), "main") == 1) {
        return std::unexpected(explain({}, file_, SQLITE_READONLY));
    }
    auto done = check_header(db);
    if (done) done = use_write_ahead_log(db);
    if (done) done = migrate(db);
    // A commit whose sync had failed may be found in the log although it never reached the disk; nothing new
    // may be built on it before it has. The checkpoint writes it to the file itself and syncs that.
    if (done) done = empty_write_ahead_log(db);
    if (!done) return std::unexpected(explain(std::move(done.error()), file_, db.failure()));
    sync_folder(folder_);
    auto const found = status_of(file_);
    device_ = found.st_dev;
    inode_ = found.st_ino;
    return opened;
}

result<void> database_file::check_in_place() const {
    if (!vfs_.empty()) return {};
    auto const found = status_of(file_);
    if (found.st_dev == device_ && found.st_ino == inode_) return {};
    return fail(error_kind::unavailable, "store_unavailable", "The store can not be reached at the moment.",
                {}, file_ + " was deleted, moved or replaced while the server runs");
}

result<std::unique_ptr<connection>> database_file::open_writer(int* failure) const {
    auto opened = connection::open({file_, vfs_, false, writer_cache_kib}, failure);
    // Closing must not write: the store checkpoints when it is closed in good order, and after a failed sync
    // it must not.
    if (opened) sqlite3_db_config((*opened)->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return opened;
}

result<std::unique_ptr<connection>> database_file::open_reader() const {
    return connection::open({file_, vfs_, true, reader_cache_kib});
}

}  // namespace parley::sqlite
