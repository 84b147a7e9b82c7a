// What an operator is told when the data folder is not as it should be.
#include "adapters/sqlite/schema.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "support/event_loops.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace parley::test {
namespace {

class start_up : public testing::Test {
protected:
    result<std::unique_ptr<sqlite_store>> open() { return open(folder_.path()); }
    result<std::unique_ptr<sqlite_store>> open(std::filesystem::path const& path) {
        store_config settings;
        settings.path = path;
        return open_sqlite_store(settings, metrics_);
    }

    /// The error of an attempt that must fail; its message must contain all of `words`.
    error refused(std::filesystem::path const& path, std::initializer_list<std::string> words) {
        auto const opened = open(path);
        if (opened) {
            ADD_FAILURE() << "it opened";
            return {};
        }
        for (auto const& word : words) {
            EXPECT_NE(opened.error().message.find(word), std::string::npos)
                << '"' << opened.error().message << "\" does not say " << word;
        }
        return opened.error();
    }

    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "parley.db"; }

    void execute(std::string const& sql) {
        sqlite3* db = nullptr;
        ASSERT_EQ(sqlite3_open(file().c_str(), &db), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
        sqlite3_close(db);
    }

    void overwrite(std::size_t offset, std::string const& bytes) {
        std::fstream out{file(), std::ios::in | std::ios::out | std::ios::binary};
        out.seekp(static_cast<std::streamoff>(offset));
        out << bytes;
    }

    temporary_folder folder_;
    no_metrics metrics_;
};

TEST_F(start_up, makes_the_folder_and_the_database) {
    auto const path = folder_.path() / "deep" / "data";
    ASSERT_TRUE(open(path).has_value());
    EXPECT_TRUE(std::filesystem::exists(path / "parley.db"));
}

TEST_F(start_up, what_it_makes_is_for_its_user_alone) {
    using std::filesystem::perms;
    auto const mode = [](std::filesystem::path const& of) {
        return std::filesystem::status(of).permissions();
    };
    auto const before = ::umask(022);
    auto const path = folder_.path() / "deep" / "data";
    auto const store = open(path);
    ::umask(before);
    ASSERT_TRUE(store.has_value());
    event_loops loops;
    ASSERT_TRUE(loops.run((*store)->create_interaction(*make_interaction(user_id::make(), {}, timestamp{}))));
    EXPECT_EQ(mode(path), perms::owner_all);
    for (char const* const name : {"parley.db", "parley.db-wal", "parley.db-shm", "parley.lock"}) {
        EXPECT_EQ(mode(path / name), perms::owner_read | perms::owner_write) << name;
    }
    EXPECT_NE(mode(path.parent_path()), perms::owner_all);
}

TEST_F(start_up, what_was_there_keeps_the_rights_that_it_had) {
    using std::filesystem::perms;
    auto const shared = perms::owner_all | perms::group_read | perms::group_exec;
    std::filesystem::permissions(folder_.path(), shared);
    ASSERT_TRUE(open().has_value());
    auto const readable = perms::owner_read | perms::owner_write | perms::group_read;
    std::filesystem::permissions(file(), readable);
    auto const store = open();
    ASSERT_TRUE(store.has_value());
    event_loops loops;
    ASSERT_TRUE(loops.run((*store)->create_interaction(*make_interaction(user_id::make(), {}, timestamp{}))));
    EXPECT_EQ(std::filesystem::status(folder_.path()).permissions(), shared);
    EXPECT_EQ(std::filesystem::status(file()).permissions(), readable);
    EXPECT_EQ(std::filesystem::status(file().string() + "-wal").permissions(), readable);
}

TEST_F(start_up, what_was_stored_is_there_after_a_restart) {
    event_loops loops;
    auto const value = *make_interaction(user_id::make(), {.title = "Kept"}, timestamp{});
    {
        auto const store = open();
        ASSERT_TRUE(store.has_value());
        ASSERT_TRUE(loops.run((*store)->create_interaction(value)));
    }
    auto const store = open();
    ASSERT_TRUE(store.has_value());
    auto const found = loops.run((*store)->get_interaction(value.user_id, value.interaction_id));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(*found, value);
}

TEST_F(start_up, a_closed_store_is_unavailable) {
    event_loops loops;
    auto const store = open();
    ASSERT_TRUE(store.has_value());
    (*store)->close();
    (*store)->close();
    auto const value = *make_interaction(user_id::make(), {}, timestamp{});
    auto const written = loops.run((*store)->create_interaction(value));
    ASSERT_FALSE(written.has_value());
    EXPECT_EQ(written.error().code, "store_unavailable");
    auto const read = loops.run((*store)->get_interaction(value.user_id, value.interaction_id));
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().code, "store_unavailable");
}

TEST_F(start_up, closing_leaves_everything_in_the_one_file) {
    ASSERT_TRUE(open().has_value());
    std::error_code absent;
    auto const log = std::filesystem::file_size(folder_.path() / "parley.db-wal", absent);
    EXPECT_TRUE(absent || log == 0);
}

TEST_F(start_up, refuses_a_path_that_is_a_file) {
    auto const path = folder_.path() / "file";
    std::ofstream{path} << "text";
    EXPECT_EQ(refused(path, {path.string(), "not a folder", "store.path"}).code, "store_path_invalid");
}

TEST_F(start_up, refuses_a_folder_that_can_not_be_made) {
    EXPECT_EQ(refused("/proc/parley-data", {"/proc/parley-data", "can not be written"}).code,
              "store_not_writable");
}

TEST_F(start_up, refuses_a_folder_without_the_right_to_write) {
    using std::filesystem::perms;
    constexpr auto readable = perms::owner_read | perms::owner_exec | perms::others_read | perms::others_exec;
    std::filesystem::permissions(folder_.path(), readable);
    // Root may write everywhere, so somebody else tries.
    bool const is_root = ::geteuid() == 0;
    constexpr uid_t nobody = 65534;
    if (is_root) {
        ASSERT_EQ(::seteuid(nobody), 0);
    }
    auto const code = refused(folder_.path(), {folder_.path().string(), "can not be written"}).code;
    if (is_root) {
        ASSERT_EQ(::seteuid(0), 0);
    }
    EXPECT_EQ(code, "store_not_writable");
    std::filesystem::permissions(folder_.path(), perms::owner_all);
    EXPECT_TRUE(open().has_value());
}

TEST_F(start_up, refuses_a_database_without_the_right_to_write) {
    using std::filesystem::perms;
    ASSERT_TRUE(open().has_value());
    std::filesystem::permissions(folder_.path(), perms::all);
    std::filesystem::permissions(folder_.path() / "parley.lock", perms::all);
    std::filesystem::permissions(file(), perms::owner_read | perms::others_read);
    bool const is_root = ::geteuid() == 0;
    constexpr uid_t nobody = 65534;
    if (is_root) {
        ASSERT_EQ(::seteuid(nobody), 0);
    }
    auto const code = refused(folder_.path(), {file().string(), "can not be written"}).code;
    if (is_root) {
        ASSERT_EQ(::seteuid(0), 0);
    }
    EXPECT_EQ(code, "store_not_writable");
    std::filesystem::permissions(file(), perms::owner_read | perms::owner_write);
    EXPECT_TRUE(open().has_value());
}

TEST_F(start_up, refuses_a_file_that_is_no_database) {
    std::ofstream{file()} << std::string(5000, 'x');
    EXPECT_EQ(refused(folder_.path(), {file().string(), "not a database", "backup"}).code, "store_damaged");
    EXPECT_EQ(std::filesystem::file_size(file()), 5000U) << "it was touched";
    std::filesystem::remove(file());
    EXPECT_TRUE(open().has_value());
}

TEST_F(start_up, refuses_a_database_of_another_program) {
    execute("CREATE TABLE theirs (x)");
    EXPECT_EQ(refused(folder_.path(), {file().string(), "another program", "store.path"}).code,
              "store_not_ours");
    execute("INSERT INTO theirs VALUES (1)");
}

TEST_F(start_up, refuses_a_database_of_a_newer_parley) {
    ASSERT_TRUE(open().has_value());
    auto const version = std::to_string(sqlite::schema_version);
    execute("PRAGMA user_version = 99");
    EXPECT_EQ(refused(folder_.path(), {file().string(), "newer Parley, version 99", "knows " + version}).code,
              "store_too_new");
    execute("PRAGMA user_version = " + version);
    EXPECT_TRUE(open().has_value());
}

TEST_F(start_up, refuses_a_damaged_beginning) {
    ASSERT_TRUE(open().has_value());
    overwrite(0, std::string(100, '\0'));
    EXPECT_EQ(refused(folder_.path(), {file().string(), "damaged", "backup"}).code, "store_damaged");
}

TEST_F(start_up, refuses_a_damaged_list_of_tables) {
    ASSERT_TRUE(open().has_value());
    overwrite(100, std::string(3000, '\x7f'));
    EXPECT_EQ(refused(folder_.path(), {file().string(), "damaged"}).code, "store_damaged");
}

TEST_F(start_up, refuses_tables_that_were_changed_by_hand) {
    ASSERT_TRUE(open().has_value());
    execute("ALTER TABLE messages RENAME COLUMN content TO text");
    EXPECT_EQ(refused(folder_.path(), {file().string(), "not as Parley made them", "backup"}).code,
              "store_damaged");
}

TEST_F(start_up, refuses_a_folder_in_use_and_names_the_process) {
    auto first = open();
    ASSERT_TRUE(first.has_value());
    EXPECT_EQ(refused(folder_.path(), {folder_.path().string(), "in use", std::to_string(::getpid())}).code,
              "store_locked");
    first->reset();
    EXPECT_TRUE(open().has_value());
}

TEST_F(start_up, a_killed_process_leaves_no_lock) {
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    auto const child = ::fork();
    if (child == 0) {
        auto const store = open();
        char const told = store ? 'y' : 'n';
        static_cast<void>(::write(ready[1], &told, 1) == 1);
        for (;;) ::pause();
    }
    ASSERT_GT(child, 0);
    char told = 0;
    ASSERT_EQ(::read(ready[0], &told, 1), 1);
    ASSERT_EQ(told, 'y');
    EXPECT_EQ(refused(folder_.path(), {"in use", std::to_string(child)}).code, "store_locked");
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    EXPECT_TRUE(open().has_value());
    ::close(ready[0]);
    ::close(ready[1]);
}

}  // namespace
}  // namespace parley::test
