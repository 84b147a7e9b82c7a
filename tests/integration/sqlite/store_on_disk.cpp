#include "store_on_disk.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>

namespace parley::test {

result<void> store_on_disk::open() {
    store_config settings;
    settings.path = folder_.path();
    auto opened = open_sqlite_store(
        settings, metrics_,
        {.vfs = disk_.vfs(), .longest_wait = longest_wait_, .checkpoint_pages = checkpoint_pages_});
    if (!opened) return std::unexpected(opened.error());
    store_ = std::move(*opened);
    return {};
}

std::string store_on_disk::check() {
    sqlite3* db = nullptr;
    auto const file = (folder_.path() / "parley.db").string();
    std::string found;
    int code = sqlite3_open_v2(file.c_str(), &db, SQLITE_OPEN_READWRITE, disk_.vfs().c_str());
    for (char const* const sql : {"PRAGMA integrity_check", "PRAGMA foreign_key_check"}) {
        sqlite3_stmt* check = nullptr;
        if (code == SQLITE_OK) code = sqlite3_prepare_v2(db, sql, -1, &check, nullptr);
        while (code == SQLITE_OK && sqlite3_step(check) == SQLITE_ROW) {
            found += reinterpret_cast<char const*>(sqlite3_column_text(check, 0));
        }
        sqlite3_finalize(check);
    }
    if (code != SQLITE_OK) found += sqlite3_errmsg(db);
    sqlite3_close(db);
    return found;
}

std::vector<message> store_on_disk::messages(interaction const& in) {
    std::vector<message> all;
    message_query query{{.limit = 7, .order = page_order::ascending}, std::nullopt};
    for (bool more = true; more;) {
        auto found = await(store().page_of_branch(in.user_id, in.interaction_id, query));
        EXPECT_TRUE(found.has_value()) << found.error().detail;
        if (!found) break;
        for (auto& one : found->data) all.push_back(std::move(one));
        more = found->has_more;
        if (more) query.page.after = all.back().seq;
    }
    return all;
}

bool full_tests() {
    auto const* const asked = std::getenv("PARLEY_TEST_FULL");
    return asked != nullptr && std::string{asked} != "0" && *asked != '\0';
}

}  // namespace parley::test
