// The database file of a closed store, looked at and changed without it.
#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace parley::test {

class raw_file {
public:
    explicit raw_file(std::filesystem::path const& folder) {
        EXPECT_EQ(sqlite3_open((folder / "parley.db").c_str(), &db_), SQLITE_OK);
    }
    ~raw_file() { sqlite3_close(db_); }
    raw_file(raw_file const&) = delete;
    raw_file& operator=(raw_file const&) = delete;

    void execute(std::string const& sql) {
        EXPECT_EQ(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
            << sqlite3_errmsg(db_);
    }

    /// All rows of a query, a line each, the columns separated by |.
    [[nodiscard]] std::string rows(std::string const& sql) {
        std::string out;
        auto const add = [](void* to, int count, char** values, char**) {
            auto& text = *static_cast<std::string*>(to);
            for (int i = 0; i < count; ++i) {
                text += values[i] == nullptr ? "NULL" : values[i];
                text += i + 1 < count ? '|' : '\n';
            }
            return 0;
        };
        EXPECT_EQ(sqlite3_exec(db_, sql.c_str(), add, &out, nullptr), SQLITE_OK) << sqlite3_errmsg(db_);
        return out;
    }

private:
    sqlite3* db_ = nullptr;
};

}  // namespace parley::test
