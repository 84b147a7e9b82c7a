// Care for SQLite's write-ahead log (https://www.sqlite.org/wal.html): the writer thread moves its pages into
// the database file between commits, never within one. Thread safety: none; of the writer's connection.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "common/error.hpp"

namespace parley::sqlite {

/// Errors: unavailable when the file system can not do it, and as to_error.
[[nodiscard]] result<void> use_write_ahead_log(connection& db);

/// Moves all pages and cuts the log to nothing; waits for readers up to the busy timeout. Errors: as
/// to_error.
[[nodiscard]] result<void> empty_write_ahead_log(connection& db);

/// Decides when a log has grown enough to be moved.
class log_keeper {
public:
    /// The log is moved once it has `checkpoint_pages` pages.
    explicit log_keeper(int checkpoint_pages)
        : checkpoint_pages_(checkpoint_pages),
          move_at_(checkpoint_pages) {}
    log_keeper(log_keeper const&) = delete;
    log_keeper& operator=(log_keeper const&) = delete;
    ~log_keeper() = default;

    /// From now on counts what `db` commits; must outlive db.
    void watch(connection& db);

    /// After a commit. A failure only leaves the log long; it is tried again when it has grown further.
    void tend(connection& db);

private:
    static int committed(void* self, struct sqlite3*, char const*, int pages);

    int const checkpoint_pages_;
    int pages_ = 0;  // in the log after the last commit
    int move_at_;
};

}  // namespace parley::sqlite
