// What a deleted user had is in no table any more, and reading what is to go uses the indexes.
#include "adapters/sqlite/sqlite_store.hpp"
#include "adapters/sqlite/statements.hpp"
#include "entities/api_key.hpp"
#include "raw_file.hpp"
#include "support/event_loops.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace parley::test {
namespace {

timestamp at(std::int64_t seconds) { return from_unix_ms(1'790'000'000'000 + seconds * 1000); }

class user_deletion : public testing::Test {
protected:
    user_deletion() { open(); }

    void open() {
        store_config settings;
        settings.path = folder_.path();
        auto opened = open_sqlite_store(settings, metrics_);
        ASSERT_TRUE(opened.has_value()) << opened.error().message << opened.error().detail;
        store_ = std::move(*opened);
    }
    template <class T>
    T await(task<T> work) {
        return loops_.run(std::move(work));
    }

    /// Somebody with a bit of everything.
    user_id somebody(std::string const& name) {
        user const made{.user_id = user_id::make(), .name = name, .extra = {}, .created_at = at(0)};
        EXPECT_TRUE(await(store_->external_user({"issuer", name}, made)));
        EXPECT_TRUE(await(store_->create_key({.key_id = key_id::make(),
                                              .user_id = made.user_id,
                                              .name = "a key",
                                              .hint = "parley_abcd",
                                              .scopes = {.read = true},
                                              .hash = sha256(new_key_text()),
                                              .created_at = at(0)})));
        auto const in = *make_interaction(made.user_id, {}, at(0));
        EXPECT_TRUE(await(store_->create_interaction(in)));
        auto const first = say(in, std::nullopt);
        say(in, message_place{first});
        say(in, message_place{std::in_place, std::nullopt});
        EXPECT_TRUE(await(store_->remember({.user_id = made.user_id,
                                            .key = "key",
                                            .fingerprint = sha256("asked"),
                                            .interaction_id = in.interaction_id,
                                            .first = message_id::make(),
                                            .second = message_id::make(),
                                            .branch = branch_id::make(),
                                            .at = at(1)})));
        return made.user_id;
    }

    /// A message and its reply; the message's id.
    message_id say(interaction const& in, message_place const& place) {
        turn_draft const draft{.user_id = in.user_id,
                               .interaction_id = in.interaction_id,
                               .owner = process_id::make(),
                               .user_message_id = message_id::make(),
                               .user_message = message_draft{message_role::user, "Hello?", {}},
                               .place = place,
                               .transformed_content = std::nullopt,
                               .reply_id = message_id::make(),
                               .model_name = "test-model",
                               .now = at(1)};
        auto const turn = await(store_->begin_turn(draft));
        EXPECT_TRUE(turn.has_value()) << turn.error().code;
        turn_outcome outcome;
        outcome.usage = token_usage{1, 0, 1, false, std::nullopt};
        outcome.now = at(2);
        EXPECT_TRUE(await(store_->finish_turn(turn->lease, outcome)));
        return draft.user_message_id;
    }

    /// How many rows each table has.
    std::map<std::string, std::string> rows() {
        raw_file file{folder_.path()};
        std::istringstream names{file.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")};
        std::map<std::string, std::string> out;
        for (std::string name; std::getline(names, name);) {
            out[name] = file.rows("SELECT count(*) FROM " + name);
        }
        return out;
    }

    temporary_folder folder_;
    no_metrics metrics_;
    std::unique_ptr<sqlite_store> store_;
    event_loops loops_;
};

TEST_F(user_deletion, leaves_no_row_in_any_table) {
    somebody("Ada");
    store_.reset();
    auto const before = rows();
    std::vector<std::string> filled;
    for (auto const& [table, count] : before) {
        if (count != "0\n") filled.push_back(table);
    }
    EXPECT_EQ(filled,
              (std::vector<std::string>{"api_keys", "branches", "external_names", "interaction_details",
                                        "interactions", "messages", "requests", "usage", "users"}));
    open();
    auto const gone = somebody("Bob");
    ASSERT_TRUE(await(store_->delete_user(gone, at(5))));
    EXPECT_EQ(*await(store_->purge_users(10, at(5))), 1U);
    store_.reset();
    auto marked = before;
    marked["deleted_users"] = "1\n";
    EXPECT_EQ(rows(), marked);
    open();
    EXPECT_EQ(*await(store_->purge_users(10, at(6))), 0U);
    store_.reset();
    EXPECT_EQ(rows(), before);
    EXPECT_EQ(raw_file{folder_.path()}.rows("PRAGMA integrity_check"), "ok\n");
    EXPECT_EQ(raw_file{folder_.path()}.rows("PRAGMA foreign_key_check"), "");
}

TEST_F(user_deletion, goes_on_after_a_restart) {
    auto const gone = somebody("Ada");
    ASSERT_TRUE(await(store_->delete_user(gone, at(5))));
    store_.reset();
    open();
    EXPECT_EQ(*await(store_->purge_users(10, at(5))), 1U);
    EXPECT_EQ(*await(store_->purge_users(10, at(5))), 0U);
}

/// However many users and interactions there are.
TEST_F(user_deletion, and_every_look_at_users_and_keys_uses_an_index) {
    store_.reset();
    raw_file file{folder_.path()};
    for (auto const which :
         {sqlite::statement::find_external_user, sqlite::statement::users_ascending,
          sqlite::statement::users_descending, sqlite::statement::names_of_user,
          sqlite::statement::delete_user, sqlite::statement::interactions_of_deleted_users,
          sqlite::statement::delete_messages, sqlite::statement::delete_usage_of_deleted_users,
          sqlite::statement::delete_requests_of_deleted_users, sqlite::statement::forget_deleted_users,
          sqlite::statement::find_key, sqlite::statement::keys_of_user, sqlite::statement::count_keys,
          sqlite::statement::delete_key, sqlite::statement::use_key}) {
        auto const& sql = sqlite::sql_of(which);
        std::istringstream plan{file.rows("EXPLAIN QUERY PLAN " + sql)};
        for (std::string step; std::getline(plan, step);) {
            auto const scan = step.find("SCAN ");
            if (scan == std::string::npos) continue;
            auto const table = step.substr(scan + 5);
            EXPECT_TRUE(table == "d" || table.starts_with("deleted_users")) << sql << "\n" << step;
        }
    }
}

}  // namespace
}  // namespace parley::test
