// What goes with a user: access at once, the rest bit by bit.
#include "adapters/mongo/driver.hpp"
#include "identity_fixture.hpp"

namespace parley::test {
namespace {

using mongo::doc;

class user_deletion : public identities {
protected:
    std::size_t purge(std::size_t limit = 100, timestamp forget = never) {
        auto const done = await(straight_->purge_users(limit, forget));
        EXPECT_TRUE(done.has_value()) << done.error().detail;
        return done.value_or(0);
    }
    /// Nothing but marks is left of the database, when the sweeper has been there.
    void expect_only_marks(std::int64_t marks) {
        ASSERT_TRUE(await(straight_->sweep_deleted(timestamp::max())));
        for (char const* const collection :
             {"interactions", "messages", "requests", "usage", "keys", "names"}) {
            EXPECT_EQ(count(collection), 0) << collection;
        }
        EXPECT_EQ(count("users"), marks);
    }
};

TEST_F(user_deletion, ends_all_access_and_leaves_a_mark_that_says_nothing) {
    auto const gone = await(straight_->external_user(name_, a_user()));
    ASSERT_TRUE(gone.has_value());
    auto const key = stored_key(gone->user_id);
    auto const other = stored_user();
    auto const kept = stored_key(other.user_id);
    ASSERT_TRUE(await(straight_->delete_user(gone->user_id, at(5))));
    expect_no_access(*gone, key);
    EXPECT_EQ(count("users", doc("_id", gone->user_id).put("deleted", at(5))), 1);
    EXPECT_EQ(count("users", doc("name", gone->name)), 1) << "the other one's";
    EXPECT_EQ(code_of(await(straight_->delete_user(gone->user_id, at(6)))), "user_not_found");
    EXPECT_EQ(code_of(await(straight_->delete_user(user_id::make(), at(6)))), "user_not_found");
    EXPECT_EQ(code_of(await(straight_->create_user(*gone))), "user_exists");
    EXPECT_EQ(await(straight_->find_key(kept.hash)).value()->key, kept);
    auto const again = await(straight_->external_user(name_, a_user("anew")));
    ASSERT_TRUE(again.has_value());
    EXPECT_NE(again->user_id, gone->user_id);
}

TEST_F(user_deletion, takes_all_that_was_theirs_and_nothing_of_others) {
    auto const gone = stored_user();
    auto const other = stored_user();
    std::vector<interaction> theirs;
    for (int i = 0; i < 5; ++i) theirs.push_back(conversation_of(gone.user_id));
    ASSERT_TRUE(await(straight_->delete_interaction(gone.user_id, theirs[4].interaction_id, {})));
    auto const kept = conversation_of(other.user_id);
    for (auto const& one : {gone, other}) {
        ASSERT_TRUE(await(
            straight_->add_usage({message_id::make(), one.user_id, at(1), "titles", {1, 0, 1, false, {}}})));
        remember(one.user_id, "key");
        remember(one.user_id, "~");
    }
    auto const all_used = used(other.user_id);
    ASSERT_TRUE(await(straight_->delete_user(gone.user_id, at(5))));
    EXPECT_EQ(purge(3), 3);
    EXPECT_EQ(purge(3), 1);
    EXPECT_EQ(purge(3), 0);
    EXPECT_TRUE(used(gone.user_id).empty());
    EXPECT_TRUE(await(straight_->list_interactions(gone.user_id, {}))->data.empty());
    for (auto const& one : theirs) {
        EXPECT_EQ(code_of(await(straight_->get_interaction(gone.user_id, one.interaction_id))),
                  "interaction_not_found");
        EXPECT_EQ(count("messages", doc("interaction", one.interaction_id)), 0);
    }
    EXPECT_EQ(count("requests", doc("user", gone.user_id)), 0);
    EXPECT_EQ(count("usage", doc("user", gone.user_id)), 0);
    EXPECT_EQ(used(other.user_id), all_used);
    EXPECT_EQ(all_messages(*straight_, kept).size(), 2U);
    EXPECT_EQ(count("requests", doc("user", other.user_id)), 2);
    ASSERT_TRUE(await(straight_->sweep_deleted(timestamp::max())));
    EXPECT_EQ(count("interactions"), 1);
    EXPECT_EQ(used(other.user_id), all_used);
}

TEST_F(user_deletion, what_comes_late_is_taken_until_the_mark_is_forgotten) {
    auto const gone = stored_user();
    auto const running = conversation_of(gone.user_id);
    auto const turn = await(straight_->begin_turn(draft_in(running)));
    ASSERT_TRUE(turn.has_value());
    ASSERT_TRUE(await(straight_->delete_user(gone.user_id, at(5))));
    EXPECT_EQ(purge(100, at(5)), 1);
    auto ended = complete("late");
    ended.usage = token_usage{1, 0, 1, false, {}};
    EXPECT_EQ(code_of(await(straight_->finish_turn(turn->lease, ended))), "turn_lost");
    ASSERT_TRUE(
        await(straight_->add_usage({turn->lease.reply_id, gone.user_id, at(1), "test-model", *ended.usage})));
    conversation_of(gone.user_id);
    remember(gone.user_id, "late");
    EXPECT_EQ(purge(100, at(5)), 1) << "not deleted before that";
    EXPECT_EQ(purge(100, at(5)), 0);
    EXPECT_TRUE(used(gone.user_id).empty());
    expect_only_marks(1);
    EXPECT_EQ(purge(100, at(6)), 0);
    expect_only_marks(0);
}

TEST_F(user_deletion, a_mark_stays_while_there_is_anything_left) {
    auto const gone = stored_user();
    for (int i = 0; i < 2; ++i) conversation_of(gone.user_id);
    ASSERT_TRUE(await(straight_->delete_user(gone.user_id, at(5))));
    EXPECT_EQ(purge(1, at(6)), 1);
    EXPECT_EQ(count("users"), 1);
    EXPECT_EQ(purge(0, at(6)), 0);
    EXPECT_EQ(count("users"), 1);
    EXPECT_EQ(purge(10, at(6)), 1);
    expect_only_marks(0);
}

TEST_F(user_deletion, several_at_once_count_each_conversation_once) {
    std::vector<std::unique_ptr<mongo_store>> stores;
    for (int i = 0; i < 3; ++i) stores.push_back(open(direct()));
    for (int i = 0; i < 3; ++i) {
        auto const gone = stored_user();
        for (int n = 0; n < 4; ++n) {
            ASSERT_TRUE(await(straight_->create_interaction(*make_interaction(gone.user_id, {}, at(n)))));
        }
        ASSERT_TRUE(await(straight_->delete_user(gone.user_id, at(5))));
    }
    std::vector<std::future<result<std::size_t>>> purging;
    for (std::size_t i = 0; i < stores.size(); ++i) {
        purging.push_back(loops_.start(stores[i]->purge_users(100, never), i));
    }
    std::size_t deleted = 0;
    for (auto& one : purging) deleted += one.get().value_or(100);
    EXPECT_EQ(deleted, 12U);
    expect_only_marks(3);
}

TEST_F(user_deletion, more_marks_than_one_command_looks_at) {
    for (int i = 0; i < 510; ++i) {
        auto const gone = stored_user();
        if (i % 100 == 0) conversation_of(gone.user_id);
        ASSERT_TRUE(await(straight_->delete_user(gone.user_id, at(i))));
    }
    EXPECT_EQ(purge(5), 5);
    EXPECT_EQ(purge(5), 1);
    EXPECT_EQ(purge(5, at(100)), 0);
    expect_only_marks(410);
}

}  // namespace
}  // namespace parley::test
