// Branches, replies that wait and remembered requests outlive the program; deleting leaves no row of them.
#include "adapters/sqlite/sqlite_store.hpp"
#include "raw_file.hpp"
#include "support/event_loops.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <string>

namespace parley::test {
namespace {

class restart : public testing::Test {
protected:
    restart() {
        open();
        EXPECT_TRUE(await(store_->create_interaction(in_)));
    }

    void open() {
        store_config settings;
        settings.path = folder_.path();
        store_.reset();
        store_ = std::move(*open_sqlite_store(settings, metrics_));
    }
    template <class T>
    T await(task<T> work) {
        return loops_.run(std::move(work));
    }

    message say(message_place const& place = {}) {
        message_addition wanted{.user_id = in_.user_id,
                                .interaction_id = in_.interaction_id,
                                .message_id = message_id::make(),
                                .message = {message_role::user, "text", {}},
                                .place = place,
                                .now = {}};
        auto stored = await(store_->add_message(std::move(wanted)));
        EXPECT_TRUE(stored.has_value());
        return stored.value_or(message{});
    }
    turn_start begin() {
        auto started = await(store_->begin_turn({.user_id = in_.user_id,
                                                 .interaction_id = in_.interaction_id,
                                                 .owner = owner_,
                                                 .user_message_id = message_id::make(),
                                                 .user_message = message_draft{message_role::user, "?", {}},
                                                 .reply_id = message_id::make(),
                                                 .model_name = "model",
                                                 .may_wait = true,
                                                 .now = {}}));
        EXPECT_TRUE(started.has_value());
        return started.value_or(turn_start{});
    }
    std::vector<message> path(std::optional<branch_id> const& branch = std::nullopt) {
        message_query const query{{.limit = 100, .order = page_order::ascending}, branch, false};
        auto found = await(store_->page_of_branch(in_.user_id, in_.interaction_id, query));
        EXPECT_TRUE(found.has_value());
        return found ? found->data : std::vector<message>{};
    }
    remembered_request request() {
        remembered_request wanted{.user_id = in_.user_id, .key = "key", .at = {}};
        wanted.fingerprint = sha256("what was asked");
        wanted.interaction_id = in_.interaction_id;
        wanted.first = message_id::make();
        return await(store_->remember(wanted)).value_or(remembered_request{});
    }

    interaction const in_ = *make_interaction(user_id::make(), {}, timestamp{});
    process_id const owner_ = process_id::make();
    temporary_folder folder_;
    no_metrics metrics_;
    std::unique_ptr<sqlite_store> store_;
    event_loops loops_;
};

TEST_F(restart, branches_and_their_ends_are_there) {
    auto const first = say();
    say();
    auto const forked = say(message_place{first.message_id});
    say();
    auto const on_fork = path();
    auto const on_root = path(in_.active_branch);
    open();
    EXPECT_EQ(path(), on_fork);
    EXPECT_EQ(path(in_.active_branch), on_root);
    EXPECT_EQ(say().parent_id, on_fork.back().message_id);
    EXPECT_EQ(say(message_place{on_root.back().message_id}).branch_id, in_.active_branch);
    EXPECT_EQ(path(forked.branch_id).size(), 4U);
}

TEST_F(restart, replies_that_wait_are_taken_up) {
    auto const turn = begin();
    auto const queued = begin();
    open();
    auto const left = await(store_->active_turns(10));
    ASSERT_TRUE(left && left->size() == 1U);
    ASSERT_TRUE(await(store_->expire_turn(left->at(0), {})));
    auto const waiting = await(store_->waiting_interactions(10));
    ASSERT_TRUE(waiting.has_value());
    EXPECT_EQ(*waiting, (std::vector<waiting_interaction>{{in_.user_id, in_.interaction_id}}));
    auto const taken = await(store_->next_turn(in_.user_id, in_.interaction_id, process_id::make(), {}));
    ASSERT_TRUE(taken && *taken);
    EXPECT_EQ((*taken)->reply.message_id, queued.reply.message_id);
    EXPECT_GT((*taken)->lease.epoch, turn.lease.epoch);
}

TEST_F(restart, what_was_used_is_told_and_is_not_counted_again) {
    std::chrono::sys_days const epoch;
    auto const used = [&] { return *await(store_->usage_by_day(in_.user_id, epoch, epoch)); };
    auto const turn = begin();
    turn_outcome outcome;
    outcome.usage = token_usage{10, 4, 3, true, 9'007'199'254'740'993};
    outcome.tool_calls = {{"call_1", "weather", "{}"}};
    auto const ended = await(store_->finish_turn(turn.lease, outcome));
    ASSERT_TRUE(ended.has_value());
    usage_entry const title{message_id::make(), in_.user_id, {}, "model", {1, 0, 1, false, 1}};
    ASSERT_TRUE(await(store_->add_usage(title)));
    std::vector<usage_day> const both{{epoch, "model", 2, 11, 4, 4, 9'007'199'254'740'994, 1}};
    EXPECT_EQ(used(), both);
    open();
    EXPECT_EQ(used(), both);
    EXPECT_EQ(path().back(), ended->reply);
    EXPECT_TRUE(await(store_->finish_turn(turn.lease, outcome)));
    ASSERT_TRUE(await(store_->add_usage(title)));
    EXPECT_EQ(used(), both);
    ASSERT_TRUE(await(store_->delete_interaction(in_.user_id, in_.interaction_id, std::nullopt)));
    open();
    ASSERT_TRUE(await(store_->add_usage({turn.lease.reply_id, in_.user_id, {}, "model", *outcome.usage})));
    EXPECT_EQ(used(), both);
}

TEST_F(restart, remembered_requests_are_known) {
    auto const first = request();
    open();
    EXPECT_EQ(request(), first);
}

TEST_F(restart, a_deleted_interaction_leaves_no_row) {
    auto const first = say();
    auto const forked = say();
    say(message_place{first.message_id});
    say(message_place{first.message_id});
    say(message_place{forked.message_id});
    begin();
    begin();
    request();
    ASSERT_TRUE(await(store_->delete_interaction(in_.user_id, in_.interaction_id, std::nullopt)));
    store_.reset();
    raw_file file{folder_.path()};
    for (std::string const table :
         {"interactions", "interaction_details", "branches", "messages", "requests"}) {
        EXPECT_EQ(file.rows("SELECT count(*) FROM " + table), "0\n") << table;
    }
    EXPECT_EQ(file.rows("PRAGMA integrity_check"), "ok\n");
}

}  // namespace
}  // namespace parley::test
