// The database file as a whole: how it is opened at start-up and how further connections to it are made.
#pragma once

#include "adapters/sqlite/connection.hpp"
#include "common/error.hpp"

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
    [[nodiscard]] result<std::unique_ptr<connection>> prepare() const;

    /// SQLite's own code goes to `failure`.
    [[nodiscard]] result<std::unique_ptr<connection>> open_writer(int* failure = nullptr) const;
    [[nodiscard]] result<std::unique_ptr<connection>> open_reader() const;

private:
    std::filesystem::path folder_;
    std::string file_;
    std::string vfs_;
};

}  // namespace parley::sqlite
