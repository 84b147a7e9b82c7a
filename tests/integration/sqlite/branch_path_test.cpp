// A branch's path through its ancestors. No function of the port forks yet, so the forks are put into the
// file by hand.
#include "adapters/sqlite/sqlite_store.hpp"
#include "support/event_loops.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <string>

namespace parley::test {
namespace {

std::string hex(uuid_bytes const& value) {
    std::string text = uuid_text(value);
    std::erase(text, '-');
    return "x'" + text + "'";
}

/// seq:        1 2 3 4 5 6 7 8 9
/// root        x x x x
/// fork after 2         x x         (5, 6)
/// its fork after 5         x   x   (7, 9)
/// root goes on               x     (8)
class branch_path : public testing::Test {
protected:
    using numbers = std::vector<std::int64_t>;

    void SetUp() override {
        in_ = *make_interaction(user_id::make(), {}, timestamp{});
        open();
        ASSERT_TRUE(loops_.run(store_->create_interaction(in_)));
        for (int i = 0; i < 9; ++i) {
            ids_.push_back(message_id::make());
            message_draft draft{message_role::user, std::to_string(i + 1), {}};
            ASSERT_TRUE(
                loops_.run(store_->append_message(in_.user_id, in_.interaction_id, ids_.back(), draft, {})));
        }
        store_.reset();
        execute("INSERT INTO branches VALUES (1, 1, " + hex(fork_.value) + ", NULL, 2), (2, 1, " +
                hex(grandchild_.value) + ", 1, 5)");
        execute("UPDATE messages SET branch_key = 1 WHERE message_key % 4294967296 IN (5, 6)");
        execute("UPDATE messages SET branch_key = 2 WHERE message_key % 4294967296 IN (7, 9)");
        open();
    }

    void open() {
        store_config settings;
        settings.path = folder_.path();
        store_ = std::move(*open_sqlite_store(settings, metrics_));
    }

    void execute(std::string const& sql) {
        sqlite3* db = nullptr;
        ASSERT_EQ(sqlite3_open((folder_.path() / "parley.db").c_str(), &db), SQLITE_OK);
        EXPECT_EQ(sqlite3_exec(db, ("PRAGMA foreign_keys = ON; " + sql).c_str(), nullptr, nullptr, nullptr),
                  SQLITE_OK)
            << sqlite3_errmsg(db);
        sqlite3_close(db);
    }

    result<message_page> read(page_query<std::int64_t> const& query, std::optional<branch_id> const& branch) {
        return loops_.run(store_->page_of_branch(in_.user_id, in_.interaction_id, {query, branch}));
    }
    static numbers seqs(result<message_page> const& found) {
        numbers out;
        if (found) {
            for (auto const& one : found->data) out.push_back(one.seq);
        }
        return out;
    }

    interaction in_;
    std::vector<message_id> ids_;
    branch_id const fork_ = branch_id::make();
    branch_id const grandchild_ = branch_id::make();
    temporary_folder folder_;
    no_metrics metrics_;
    std::unique_ptr<sqlite_store> store_;
    event_loops loops_;
};

TEST_F(branch_path, leads_through_the_ancestors_up_to_each_fork) {
    page_query<std::int64_t> const all{.limit = 100, .order = page_order::ascending};
    EXPECT_EQ(seqs(read(all, in_.active_branch)), (numbers{1, 2, 3, 4, 8}));
    EXPECT_EQ(seqs(read(all, fork_)), (numbers{1, 2, 5, 6}));
    EXPECT_EQ(seqs(read(all, grandchild_)), (numbers{1, 2, 5, 7, 9}));
    auto const found = read(all, grandchild_);
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->data[1].branch_id, in_.active_branch);
    EXPECT_EQ(found->data[2].branch_id, fork_);
    EXPECT_EQ(found->data[3].branch_id, grandchild_);
}

TEST_F(branch_path, is_paged_across_forks_in_both_directions) {
    EXPECT_EQ(seqs(read({.limit = 2}, grandchild_)), (numbers{9, 7}));
    EXPECT_EQ(seqs(read({.limit = 2, .after = 7}, grandchild_)), (numbers{5, 2}));
    auto const last = read({.limit = 2, .after = 2}, grandchild_);
    EXPECT_EQ(seqs(last), numbers{1});
    EXPECT_FALSE(last->has_more);
    EXPECT_TRUE(last->has_previous);
    EXPECT_EQ(seqs(read({.limit = 2, .before = 2}, grandchild_)), (numbers{7, 5}));
    EXPECT_EQ(seqs(read({.limit = 3, .order = page_order::ascending, .after = 1}, grandchild_)),
              (numbers{2, 5, 7}));
}

TEST_F(branch_path, the_active_branch_is_shown_and_continued) {
    store_.reset();
    execute("UPDATE interactions SET active_branch = 1, head_id = " + hex(ids_[5].value));
    open();
    auto const read_back = loops_.run(store_->get_interaction(in_.user_id, in_.interaction_id));
    ASSERT_TRUE(read_back.has_value());
    EXPECT_EQ(read_back->active_branch, fork_);
    auto const list = loops_.run(store_->list_interactions(in_.user_id, {}));
    ASSERT_TRUE(list.has_value());
    EXPECT_EQ(list->data.at(0).active_branch, fork_);
    EXPECT_EQ(seqs(read({}, std::nullopt)), (numbers{6, 5, 2, 1}));

    auto const added = loops_.run(store_->append_message(in_.user_id, in_.interaction_id, message_id::make(),
                                                         {message_role::user, "ten", {}}, {}));
    ASSERT_TRUE(added.has_value());
    EXPECT_EQ(added->seq, 10);
    EXPECT_EQ(added->branch_id, fork_);
    EXPECT_EQ(added->parent_id, ids_[5]);
    EXPECT_EQ(seqs(read({}, std::nullopt)), (numbers{10, 6, 5, 2, 1}));
    auto const found = loops_.run(store_->get_message(in_.user_id, in_.interaction_id, added->message_id));
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(*found, *added);
}

TEST_F(branch_path, deleting_takes_forks_along) {
    ASSERT_TRUE(loops_.run(store_->delete_interaction(in_.user_id, in_.interaction_id, std::nullopt)));
    store_.reset();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((folder_.path() / "parley.db").c_str(), &db), SQLITE_OK);
    for (std::string const table : {"interactions", "interaction_details", "branches", "messages"}) {
        sqlite3_stmt* count = nullptr;
        ASSERT_EQ(sqlite3_prepare_v2(db, ("SELECT count(*) FROM " + table).c_str(), -1, &count, nullptr),
                  SQLITE_OK);
        ASSERT_EQ(sqlite3_step(count), SQLITE_ROW);
        EXPECT_EQ(sqlite3_column_int64(count, 0), 0) << table;
        sqlite3_finalize(count);
    }
    sqlite3_close(db);
}

}  // namespace
}  // namespace parley::test
