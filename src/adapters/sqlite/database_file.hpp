// The database file as a whole: how it is opened at start-up and how further connections to it are made.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "common/error.hpp"

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

namespace parley::sqlite {

class database_file {
public:
    database_file(std::filesystem::path folder, std::string vfs);

    /// The first connection: makes or migrates the file, checks it, brings what an earlier process left in
    /// the write-ahead log into the file. Errors: a sentence that names the file and says what to do; codes
    /// store_damaged, store_not_ours, store_too_new, store_not_writable, storage_full, store_unavailable.
    [[nodiscard]] result<std::unique_ptr<connection>> prepare();

    /// SQLite's own code goes to `failure`.
    [[nodiscard]] result<std::unique_ptr<connection>> open_writer(int* failure = nullptr) const;
    [[nodiscard]] result<std::unique_ptr<connection>> open_reader() const;

    /// Whether the file that prepare() opened still stands where it was: one that was deleted or replaced
    /// takes writes as ever, and they are lost when it is closed. Errors: store_unavailable.
    [[nodiscard]] result<void> check_in_place() const;

private:
    std::filesystem::path folder_;
    std::string file_;
    std::string vfs_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
};

}  // namespace parley::sqlite
