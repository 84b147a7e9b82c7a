// One SQLite connection and its prepared statements.
// Thread safety: none; one thread at a time. Ownership: closes the statements and the connection when it
// goes.
#pragma once

#include "adapters/sqlite/statements.hpp"
#include "common/error.hpp"

#include <array>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace parley::sqlite {

struct open_options {
    std::string file;  // path of the database file
    std::string vfs;   // empty: SQLite's default
    bool read_only = false;
    int cache_kib = 1024;  // at most so much memory for pages
};

class connection {
public:
    /// Errors: as to_error; SQLite's own code goes to `failure`. A missing file is made unless read_only.
    [[nodiscard]] static result<std::unique_ptr<connection>> open(open_options const& options,
                                                                  int* failure = nullptr);

    ~connection();
    connection(connection const&) = delete;
    connection& operator=(connection const&) = delete;

    /// Runs SQL without parameters and without rows that matter.
    [[nodiscard]] result<void> execute(std::string const& sql);

    /// The only column of the only row, as a number.
    [[nodiscard]] result<std::int64_t> number(std::string const& sql);

    /// Prepared at its first use and kept. Errors: as to_error.
    [[nodiscard]] result<sqlite3_stmt*> prepared(statement which);

    /// Rows changed by the last statement that changed any; and by all together since the connection was
    /// opened.
    [[nodiscard]] std::int64_t changes() const;
    [[nodiscard]] std::int64_t total_changes() const;
    [[nodiscard]] bool in_transaction() const;
    /// The integer key of the row inserted last.
    [[nodiscard]] std::int64_t last_key() const;

    /// The error of a failed call; remembered until forget_failure().
    [[nodiscard]] error failed(int code);
    /// 0, or the first code that failed since forget_failure().
    [[nodiscard]] int failure() const { return failure_; }
    void forget_failure() { failure_ = 0; }

    [[nodiscard]] sqlite3* handle() const { return handle_; }

private:
    explicit connection(sqlite3* handle) : handle_(handle) {}

    sqlite3* handle_;
    std::array<sqlite3_stmt*, statement_count> statements_{};
    int failure_ = 0;
};

}  // namespace parley::sqlite
